// The names of classes that an exported generator carries in its metadata.
#ifndef GAN_API_CLASS_NAMES_H_
#define GAN_API_CLASS_NAMES_H_

#include <map>
#include <string>
#include <vector>

namespace gan::core {

// What "gan.classes" holds, a JSON array of texts: one for each of `classes`, or none at all where
// it is not there or does not fit, with a warning in the log.
std::vector<std::string> ClassNamesIn(const std::map<std::string, std::string>& metadata,
                                      int64_t classes);

}  // namespace gan::core

#endif  // GAN_API_CLASS_NAMES_H_
