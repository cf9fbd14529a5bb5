// Saying in a picture's XMP that a model made it.
#ifndef GAN_MEDIA_XMP_H_
#define GAN_MEDIA_XMP_H_

#include <string>
#include <string_view>

#include "media/picture.h"

namespace gan::core {

// The XMP packet `packet`, which may be empty or hostile, with Iptc4xmpExt:DigitalSourceType set to
// what `provenance` says and, unless a creator tool is named already, xmp:CreatorTool set to ours.
// Everything else in it stays as it is. A picture that says it is wholly made by a model
// (trainedAlgorithmicMedia) still says so when enlarged.
//
// A packet that is not well-formed XML in UTF-8 or the like with an rdf:RDF element is replaced by
// a new one, with a warning in the log. Requires provenance other than kNone. Time and memory:
// linear.
std::string AddProvenance(std::string_view packet, Provenance provenance);

}  // namespace gan::core

#endif  // GAN_MEDIA_XMP_H_
