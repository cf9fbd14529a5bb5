// Inception-v3, the classifier whose features most published figures are taken on. (Szegedy et al.
// 2016, "Rethinking the Inception architecture for computer vision")
#ifndef GAN_MODELS_INCEPTION_INCEPTION_H_
#define GAN_MODELS_INCEPTION_INCEPTION_H_

#include "models/feature_model.h"

namespace gan::core {

// From the user's own weights file, in one of two layouts, which differ in the classes:
//   1008  the network of the first FID (TensorFlow, 2015), as its ports to PyTorch have it
//   1000  torchvision's, trained anew
// Both take pictures in [-1, 1]: torchvision's other scale is undone by its own `transform_input`.
// The auxiliary classifier is left aside. Batch norms are folded into the convolutions.
extern const FeatureFamily kInception;

}  // namespace gan::core

#endif  // GAN_MODELS_INCEPTION_INCEPTION_H_
