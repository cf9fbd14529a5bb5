// The small classifier of digits and letters that gan trained itself and ships: features for small
// grey pictures.
#ifndef GAN_MODELS_GLYPH_CLASSIFIER_GLYPH_CLASSIFIER_H_
#define GAN_MODELS_GLYPH_CLASSIFIER_GLYPH_CLASSIFIER_H_

#include "models/feature_model.h"

namespace gan::core {

// ClassifierGraph at 28x28, grey; classes and features as the tensors have them.
extern const FeatureFamily kGlyphClassifier;

}  // namespace gan::core

#endif  // GAN_MODELS_GLYPH_CLASSIFIER_GLYPH_CLASSIFIER_H_
