// The one exception type of the library.
#ifndef GAN_ERROR_H_
#define GAN_ERROR_H_

#include <stdexcept>
#include <string>

namespace gan {

// What went wrong, as the exit code that the command-line program gives (sysexits.h).
enum class ErrorCode : int {
  kUsage = 64,          // the call itself makes no sense: unknown option, impossible combination
  kBadData = 65,        // a file was read, and is broken, hostile or of a kind we cannot use
  kNoInput = 66,        // a file or folder is not there or cannot be opened
  kInternal = 70,       // our own mistake, or arithmetic that ended in NaN or infinity
  kCannotCreate = 73,   // an output cannot be created
  kIo = 74,             // reading or writing failed half-way: disk full, file shrank
  kBusy = 75,           // another process holds what we need; try again later
  kConfiguration = 78,  // this build or machine lacks what was asked for
  kInterrupted = 130,   // the user pressed Ctrl-C; nothing half-written is left
};

// Thrown for everything that comes from outside the library. what() is one line:
// "[where] what was wanted, what was got, the likely cause".
class __attribute__((visibility("default"))) Error : public std::runtime_error {
 public:
  Error(ErrorCode code, const std::string& message) : std::runtime_error(message), code_(code) {}
  ErrorCode code() const noexcept { return code_; }

 private:
  ErrorCode code_;
};

}  // namespace gan

#endif  // GAN_ERROR_H_
