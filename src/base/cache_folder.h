// Where things lie that can be made again.
#ifndef GAN_BASE_CACHE_FOLDER_H_
#define GAN_BASE_CACHE_FOLDER_H_

#include <filesystem>

namespace gan::core {

// $XDG_CACHE_HOME/gan, else ~/.cache/gan; "" without a home. Not made here. Thread-safe as long as
// nobody changes the environment.
std::filesystem::path CacheFolder();

}  // namespace gan::core

#endif  // GAN_BASE_CACHE_FOLDER_H_
