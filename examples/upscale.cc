// Enlarges one picture with the C++ library: example_upscale MODEL IN OUT
#include "gan/upscale.h"

#include <cstdio>

#include "gan/model.h"

int main(int argc, char** argv) {
  if (argc != 4) {
    std::fprintf(stderr, "usage: %s MODEL IN OUT\n", argv[0]);
    return 64;
  }
  try {
    gan::EngineOptions engine;
    engine.max_memory = uint64_t{1} << 30;  // larger pictures are cut into tiles
    const gan::Model model = gan::Model::Load(argv[1], engine);
    std::printf("%s\n", model.info().description.c_str());

    gan::UpscaleEvents events;
    events.progress = [](const gan::UpscaleEvents::File&, double finished) {
      std::printf("\r%3.0f %%", 100 * finished);
      std::fflush(stdout);
    };
    for (const gan::UpscaleResult& result : gan::Upscale(model, {argv[2]}, argv[3], {}, events)) {
      if (result.status == gan::UpscaleResult::Status::kFailed) {
        std::fprintf(stderr, "\n%s\n", result.message.c_str());
        return static_cast<int>(result.code);
      }
      std::printf("\r%s: %lld x %lld, %.2f s\n", result.output.c_str(),
                  static_cast<long long>(result.width), static_cast<long long>(result.height),
                  result.seconds);
    }
  } catch (const gan::Error& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return static_cast<int>(error.code());
  }
  return 0;
}
