// Where this code itself was loaded from.
#ifndef GAN_RUNTIME_OWN_FOLDER_H_
#define GAN_RUNTIME_OWN_FOLDER_H_

#include <filesystem>

namespace gan::core {

// The folder of the program or shared library that this function was linked into, "" if unknown.
// Thread-safe.
std::filesystem::path OwnFolder();

}  // namespace gan::core

#endif  // GAN_RUNTIME_OWN_FOLDER_H_
