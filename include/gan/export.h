// Marks what a shared build of the library shows to its users; everything else stays hidden.
#ifndef GAN_EXPORT_H_
#define GAN_EXPORT_H_

#define GAN_API __attribute__((visibility("default")))

#endif  // GAN_EXPORT_H_
