// Loaded into a program before the C library: a disk that is full after FULL_DISK_AFTER writes
// below FULL_DISK_FOLDER. Of the last write half still fits.
#include <dlfcn.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

#include <atomic>

namespace {

bool IsBelow(int descriptor) {
  const char* folder = getenv("FULL_DISK_FOLDER");
  char link[64], path[PATH_MAX];
  snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
  const ssize_t length = readlink(link, path, sizeof path - 1);
  if (folder == nullptr || length < 0) return false;
  path[length] = '\0';
  return strncmp(path, folder, strlen(folder)) == 0;
}

// How many writes are left; below 0 once the disk is full.
int Left() {
  static std::atomic<int> left{atoi(getenv("FULL_DISK_AFTER"))};
  return left.fetch_sub(1);
}

ssize_t Full() {
  errno = ENOSPC;
  return -1;
}

}  // namespace

extern "C" __attribute__((visibility("default"))) ssize_t write(int descriptor, const void* bytes,
                                                                size_t size) {
  using Write = ssize_t (*)(int, const void*, size_t);
  static const auto real = reinterpret_cast<Write>(dlsym(RTLD_NEXT, "write"));
  if (IsBelow(descriptor)) {
    const int left = Left();
    if (left < 0 || (left == 0 && size < 2)) return Full();
    if (left == 0) size /= 2;
  }
  return real(descriptor, bytes, size);
}

// What was written before may find no space only now.
extern "C" __attribute__((visibility("default"))) int fsync(int descriptor) {
  using Sync = int (*)(int);
  static const auto real = reinterpret_cast<Sync>(dlsym(RTLD_NEXT, "fsync"));
  if (IsBelow(descriptor) && Left() <= 0) return static_cast<int>(Full());
  return real(descriptor);
}
