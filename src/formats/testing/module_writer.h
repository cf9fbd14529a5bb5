// Writes what torch.save and Python's own pickler make of whole modules, for tests.
#ifndef GAN_FORMATS_TESTING_MODULE_WRITER_H_
#define GAN_FORMATS_TESTING_MODULE_WRITER_H_

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

#include "formats/testing/pickle_writer.h"

namespace gan::core::testing {

// `key` and a dict of tensors [1], each of the archive's one storage.
void PutModuleDict(PickleWriter& out, const char* key, std::initializer_list<const char*> tensors);

// The module "evil.place.Net" with weight, running_mean, a buffer "scratch" that is not saved, and
// the convolution "conv".
std::string ModulePickle();
std::string ModuleZip(const std::string& pickle);  // the archive around one

// A storage of f32 as the bytes of a file of its own.
std::string EmbeddedStorage(std::string_view values, int64_t elements);
// {"G_ema": a persistent object "Generator" with the tensor [2] "const" of such a storage}.
std::string PersistentPickle(const std::string& storage);

}  // namespace gan::core::testing

#endif  // GAN_FORMATS_TESTING_MODULE_WRITER_H_
