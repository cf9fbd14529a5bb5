// The opcodes of pickle protocols 0 to 5, as Python's pickletools names them.
#ifndef GAN_FORMATS_PICKLE_OPCODES_H_
#define GAN_FORMATS_PICKLE_OPCODES_H_

#include <cstdint>

namespace gan::core {

// clang-format off
enum class Opcode : uint8_t {
  // Structure
  kMark = '(', kStop = '.', kPop = '0', kPopMark = '1', kDup = '2', kProto = 0x80, kFrame = 0x95,
  // Numbers
  kNone = 'N', kNewTrue = 0x88, kNewFalse = 0x89, kInt = 'I', kBinInt = 'J', kBinInt1 = 'K',
  kBinInt2 = 'M', kLong = 'L', kLong1 = 0x8A, kLong4 = 0x8B, kFloat = 'F', kBinFloat = 'G',
  // Text and bytes
  kString = 'S', kBinString = 'T', kShortBinString = 'U', kUnicode = 'V', kBinUnicode = 'X',
  kShortBinUnicode = 0x8C, kBinUnicode8 = 0x8D, kBinBytes = 'B', kShortBinBytes = 'C',
  kBinBytes8 = 0x8E, kByteArray8 = 0x96,
  // Containers
  kEmptyTuple = ')', kTuple = 't', kTuple1 = 0x85, kTuple2 = 0x86, kTuple3 = 0x87,
  kEmptyList = ']', kList = 'l', kAppend = 'a', kAppends = 'e', kEmptyDict = '}', kDict = 'd',
  kSetItem = 's', kSetItems = 'u', kEmptySet = 0x8F, kAddItems = 0x90, kFrozenSet = 0x91,
  // Memo
  kPut = 'p', kBinPut = 'q', kLongBinPut = 'r', kGet = 'g', kBinGet = 'h', kLongBinGet = 'j',
  kMemoize = 0x94,
  // Objects
  kGlobal = 'c', kStackGlobal = 0x93, kReduce = 'R', kBuild = 'b', kInst = 'i', kObj = 'o',
  kNewObj = 0x81, kNewObjEx = 0x92, kPersId = 'P', kBinPersId = 'Q',
  // Refused: a registry that only the writing program has, and buffers outside the file
  kExt1 = 0x82, kExt2 = 0x83, kExt4 = 0x84, kNextBuffer = 0x97, kReadOnlyBuffer = 0x98,
};
// clang-format on

}  // namespace gan::core

#endif  // GAN_FORMATS_PICKLE_OPCODES_H_
