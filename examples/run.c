/* Runs a generator on numbers with the C library: example_run MODEL [SIDE]
 *
 * Feeds it a grey square of SIDE x SIDE pixels (default 16) and prints what comes out. */
#include <stdio.h>
#include <stdlib.h>

#include "gan/gan.h"

static int Fail(int status) {
  fprintf(stderr, "%s\n", gan_last_error());
  return status;
}

/* Three channels of 0.5 through the network. */
static int RunOnGrey(gan_model* model, int64_t side) {
  const int64_t shape[4] = {1, 3, side, side};
  const size_t count = (size_t)(3 * side * side);
  float* values = malloc(count * sizeof(float));
  gan_array output;
  size_t i;
  int status;
  if (values == NULL) return GAN_INTERNAL;
  for (i = 0; i < count; ++i) values[i] = 0.5f;
  status = gan_model_run(model, values, shape, 4, &output);
  free(values);
  if (status != GAN_OK) return Fail(status);
  printf("output: %ld x %ld, first sample %.4f\n", (long)output.shape[3], (long)output.shape[2],
         output.values[0]);
  gan_array_clear(&output);
  return GAN_OK;
}

int main(int argc, char** argv) {
  gan_model* model = NULL;
  char* info = NULL;
  const long side = argc > 2 ? strtol(argv[2], NULL, 10) : 16;
  int status;
  if (argc < 2 || side < 1 || side > 4096) {
    fprintf(stderr, "usage: %s MODEL [SIDE]\n", argv[0]);
    return GAN_USAGE;
  }
  status = gan_model_load(argv[1], NULL, &model);
  if (status != GAN_OK) return Fail(status);
  status = gan_model_info(model, &info);
  if (status == GAN_OK) {
    printf("%s\n", info);
    gan_string_free(info);
    status = RunOnGrey(model, side);
  } else {
    Fail(status);
  }
  gan_model_free(model);
  return status;
}
