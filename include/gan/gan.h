/* The C API: everything that the library does, without exceptions. C99.
 *
 * Functions that can fail return 0 or a status, the exit code that the program `gan` would give;
 * gan_last_error() has the line that explains it. Nothing is written to an output argument then.
 * Paths and texts are UTF-8, NUL-terminated. A NULL where an object is wanted is GAN_USAGE; the
 * functions that free take NULL.
 *
 * Thread safety: any function from any thread, but one call at a time on one object. */
#ifndef GAN_GAN_H_
#define GAN_GAN_H_

#include <stddef.h>
#include <stdint.h>

#include "gan/export.h"

#ifdef __cplusplus
extern "C" {
#endif

enum {
  GAN_OK = 0,
  GAN_USAGE = 64,         /* the call makes no sense */
  GAN_BAD_DATA = 65,      /* a file is broken, hostile or of an unknown kind */
  GAN_NO_INPUT = 66,      /* a file is not there */
  GAN_INTERNAL = 70,      /* our mistake, no memory, or a result that is not finite */
  GAN_CANNOT_CREATE = 73, /* an output cannot be created */
  GAN_IO = 74,            /* reading or writing failed half-way */
  GAN_BUSY = 75,          /* another process holds what is needed */
  GAN_CONFIGURATION = 78, /* this build or machine lacks what was asked for */
  GAN_INTERRUPTED = 130   /* cancelled */
};

/* "0.1.0". Static. */
GAN_API const char* gan_version(void);

/* What the last failing call of this thread said, one line; "" when none failed. Valid until the
 * next call of this thread. */
GAN_API const char* gan_last_error(void);

/* Texts that the functions below hand out. */
GAN_API void gan_string_free(char* text);

/* ---- Options, under the names of the command line: "threads", "max-memory", "tile"... ---------
 * Switches take "on" and "off". Functions read the options that concern them. Wherever options are
 * taken, NULL means the defaults. */
typedef struct gan_options gan_options;

/* NULL without memory. */
GAN_API gan_options* gan_options_new(void);
GAN_API void gan_options_free(gan_options* options);
/* GAN_USAGE: no such option, or no such value. */
GAN_API int gan_options_set(gan_options* options, const char* name, const char* value);

/* ---- Models ---------------------------------------------------------------------------------- */
typedef struct gan_model gan_model;

/* `name`: a checkpoint, or the name of one in the model folder. The caller frees *model. Option
 * "dropout", "on": numbers are left out as in training, and "seed" says which (pix2pix, CycleGAN);
 * GAN_USAGE: a network without dropout. "truncation", "truncation-cutoff", "noise" and "noise-seed"
 * are a StyleGAN's from then on; GAN_USAGE: a cutoff or noise of a network without styles. */
GAN_API int gan_model_load(const char* name, const gan_options* options, gan_model** model);
GAN_API void gan_model_free(gan_model* model);

/* Family, scale, sizes, cost as a JSON object. The caller frees *json. */
GAN_API int gan_model_info(const gan_model* model, char** json);

/* An array of floats in row-major order. */
typedef struct gan_array {
  float* values;
  int64_t* shape;
  size_t rank;
} gan_array;

/* Runs the network as it is: values[shape[0]][shape[1]]..., usually [N, C, H, W] with samples in
 * [0, 1]. The caller frees *output with gan_array_clear. */
GAN_API int gan_model_run(gan_model* model, const float* values, const int64_t* shape, size_t rank,
                          gan_array* output);
GAN_API void gan_array_clear(gan_array* array);

/* ---- Jobs ------------------------------------------------------------------------------------
 * Called while a job runs, one call at a time, perhaps from another thread: the finished share of
 * file `index` of `count`, 0 to 1. Anything but 0 cancels the job. */
typedef int (*gan_progress)(void* user, size_t index, size_t count, double finished);

/* Enlarges `count` inputs (files, folders, patterns). `output`: a file, a folder, or NULL for
 * beside each input. `progress` may be NULL. The status is that of the first picture that failed;
 * the others are done nevertheless, and *report (may be NULL; the caller frees it) holds a JSON
 * array with one object a picture unless the job as a whole was refused or cancelled: then it is
 * NULL. */
GAN_API int gan_upscale(gan_model* model, const char* const* inputs, size_t count,
                        const char* output, const gan_options* options, gan_progress progress,
                        void* user, char** report);

/* Draws pictures into `output`: a sheet, an animation (.gif, .webp) or a folder. Options: "count",
 * "seed", "class", "grid"..., and a StyleGAN's, for these pictures alone: "noise"... take the place
 * of all that the model was loaded with, "truncation" by itself of psi. `progress` may be NULL, and
 * is told of one file. *json may be NULL. */
GAN_API int gan_sample(gan_model* model, const char* output, const gan_options* options,
                       gan_progress progress, void* user, char** json);

/* What a checkpoint holds, as a JSON object. Options: "size" (of a picture to plan for),
 * "graph". */
GAN_API int gan_inspect(const char* name, const gan_options* options, char** json);

/* Writes any readable checkpoint as safetensors, or the generator in it as ONNX: the output's name
   says which. *json may be NULL. */
GAN_API int gan_convert(const char* input, const char* output, const gan_options* options,
                        char** json);

/* How fast a network runs here: options "model", "network", "size", "runs". */
GAN_API int gan_bench(const gan_options* options, char** json);

/* What this build and this machine can do. */
GAN_API int gan_doctor(const gan_options* options, char** json);

#ifdef __cplusplus
}
#endif

#endif /* GAN_GAN_H_ */
