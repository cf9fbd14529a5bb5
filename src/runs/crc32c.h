// The CRC-32 of Castagnoli (polynomial 0x1EDC6F41, as iSCSI and TFRecord files have it).
#ifndef GAN_RUNS_CRC32C_H_
#define GAN_RUNS_CRC32C_H_

#include <cstdint>
#include <string_view>

namespace gan::core {

uint32_t Crc32c(std::string_view bytes);

}  // namespace gan::core

#endif  // GAN_RUNS_CRC32C_H_
