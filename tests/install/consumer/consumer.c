/* Uses the installed C header. */
#include <stdio.h>

#include "gan/gan.h"

int main(void) {
  char* report = NULL;
  gan_model* model = NULL;
  if (gan_doctor(NULL, &report) != GAN_OK) return 1;
  puts(report);
  gan_string_free(report);
  return gan_model_load("/nonexistent", NULL, &model) == GAN_NO_INPUT ? 0 : 1;
}
