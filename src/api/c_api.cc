// The C API: exceptions end here.
#include <cstdlib>
#include <cstring>
#include <exception>
#include <new>
#include <string>
#include <string_view>
#include <utility>

#include "base/error.h"
#include "gan/bench.h"
#include "gan/checkpoint.h"
#include "gan/doctor.h"
#include "gan/gan.h"
#include "gan/model.h"
#include "gan/sample.h"
#include "gan/upscale.h"
#include "gan/version.h"

struct gan_options {
  gan::EngineOptions engine;
  gan::LoadOptions load;
  gan::DropoutOptions dropout;
  gan::StyleOptions style;
  gan::UpscaleOptions upscale;
  gan::SampleOptions sample;
  gan::InspectOptions inspect;
  gan::BenchOptions bench;
};

struct gan_model {
  gan::Model model;
  gan::StyleOptions style = {};  // that `model` has
};

namespace {

thread_local std::string last_error;

int Remember(int status, const char* message) noexcept {
  try {
    last_error = message;
  } catch (...) {
    last_error.clear();  // no memory even for that: the status must do
  }
  return status;
}

// Runs `call`, turning whatever it throws into a status.
template <class Call>
int Guard(const Call& call) noexcept {
  try {
    call();
    return GAN_OK;
  } catch (const gan::Error& error) {
    return Remember(static_cast<int>(error.code()), error.what());
  } catch (const std::bad_alloc&) {
    return Remember(GAN_INTERNAL, "[memory] there is not enough for this job");
  } catch (const std::exception& error) {
    return Remember(GAN_INTERNAL, error.what());
  } catch (...) {
    return Remember(GAN_INTERNAL, "[internal] an exception of unknown kind");
  }
}

template <class T>
T& Want(T* pointer, const char* name) {
  if (pointer == nullptr) gan::core::Fail(gan::ErrorCode::kUsage, "c api", "{} is NULL", name);
  return *pointer;
}

const gan_options& OrDefaults(const gan_options* options) {
  static const gan_options defaults;
  return options == nullptr ? defaults : *options;
}

template <class T>
T* Allocate(size_t count) {
  void* memory = std::malloc(count == 0 ? 1 : count * sizeof(T));
  if (memory == nullptr) throw std::bad_alloc();
  return static_cast<T*>(memory);
}

char* CopyOf(std::string_view text) {
  char* copy = Allocate<char>(text.size() + 1);
  std::memcpy(copy, text.data(), text.size());
  copy[text.size()] = '\0';
  return copy;
}

void Store(char** to, std::string_view text) {
  if (to != nullptr) *to = CopyOf(text);
}

// Sets the field of that name, where `options` has one.
template <class Options>
bool Set(std::span<const gan::Option<Options>> list, Options& options, std::string_view name,
         std::string_view value) {
  for (const gan::Option<Options>& option : list) {
    if (name == option.name) {
      option.set(options, value);
      return true;
    }
  }
  return false;
}

// Whether more than psi is chosen, which sampling has an option of its own for.
bool HasMoreThanPsi(gan::StyleOptions style) {
  style.truncation = gan::StyleOptions().truncation;
  return !(style == gan::StyleOptions());
}

// The model as loaded. A "truncation" may be meant for gan_sample of a model without styles.
gan_model WithStyleOf(const gan_options& options, gan::Model model) {
  const bool psi = model.info().styles && !(options.style == gan::StyleOptions());
  if (!psi && !HasMoreThanPsi(options.style)) return {std::move(model)};
  return {model.WithStyle(options.style), options.style};
}

gan::SampleResult Sampled(const gan_model& model, const char* output, const gan_options& options,
                          const gan::SampleEvents& events) {
  if (!HasMoreThanPsi(options.style)) {
    return gan::Sample(model.model, output, options.sample, events);
  }
  gan::SampleOptions sample = options.sample;
  sample.truncation = 0;  // is the style's
  if (options.style == model.style) return gan::Sample(model.model, output, sample, events);
  return gan::Sample(model.model.WithStyle(options.style), output, sample, events);
}

std::string ListOf(const std::vector<gan::UpscaleResult>& results) {
  std::string json = "[";
  for (const gan::UpscaleResult& result : results) {
    if (json.size() > 1) json += ',';
    json += gan::ToJson(result);
  }
  return json + "]";
}

}  // namespace

const char* gan_version(void) { return gan::Version(); }

const char* gan_last_error(void) { return last_error.c_str(); }

void gan_string_free(char* text) { std::free(text); }

gan_options* gan_options_new(void) { return new (std::nothrow) gan_options; }

void gan_options_free(gan_options* options) { delete options; }

int gan_options_set(gan_options* options, const char* name, const char* value) {
  return Guard([&] {
    gan_options& o = Want(options, "options");
    const std::string_view key = &Want(name, "name");
    const std::string_view text = &Want(value, "value");
    // One name may stand in several lists ("size"): it means the same in each.
    int found = 0;
    found += Set(gan::EngineOptionList(), o.engine, key, text);
    found += Set(gan::LoadOptionList(), o.load, key, text);
    found += Set(gan::DropoutOptionList(), o.dropout, key, text);
    found += Set(gan::StyleOptionList(), o.style, key, text);
    found += Set(gan::UpscaleOptionList(), o.upscale, key, text);
    found += Set(gan::SampleOptionList(), o.sample, key, text);
    found += Set(gan::InspectOptionList(), o.inspect, key, text);
    found += Set(gan::BenchOptionList(), o.bench, key, text);
    if (found == 0) {
      gan::core::Fail(gan::ErrorCode::kUsage, "options", "there is no option \"{}\"",
                      gan::core::Printable(key));
    }
  });
}

int gan_model_load(const char* name, const gan_options* options, gan_model** model) {
  return Guard([&] {
    gan_model*& out = Want(model, "model");
    const gan_options& o = OrDefaults(options);
    // A "seed" may be meant for gan_sample alone.
    const gan::DropoutOptions dropout = o.dropout.on ? o.dropout : gan::DropoutOptions();
    out = new gan_model(
        WithStyleOf(o, gan::Model::Load(&Want(name, "name"), o.engine, o.load, dropout)));
  });
}

void gan_model_free(gan_model* model) { delete model; }

int gan_model_info(const gan_model* model, char** json) {
  return Guard(
      [&] { Want(json, "json") = CopyOf(gan::ToJson(Want(model, "model").model.info())); });
}

int gan_model_run(gan_model* model, const float* values, const int64_t* shape, size_t rank,
                  gan_array* output) {
  return Guard([&] {
    gan_array& out = Want(output, "output");
    gan::Array in;
    in.shape.assign(&Want(shape, "shape"), shape + rank);
    size_t count = 1;
    for (const int64_t size : in.shape) {
      if (size < 0 || __builtin_mul_overflow(count, static_cast<size_t>(size), &count)) {
        gan::core::Fail(gan::ErrorCode::kUsage, "c api", "a shape with an impossible size");
      }
    }
    in.values.assign(&Want(values, "values"), values + count);
    const gan::Array result = Want(model, "model").model.Run(in);
    gan_array made = {Allocate<float>(result.values.size()), nullptr, result.shape.size()};
    made.shape = static_cast<int64_t*>(std::malloc((made.rank + 1) * sizeof(int64_t)));
    if (made.shape == nullptr) {
      std::free(made.values);
      throw std::bad_alloc();
    }
    std::copy(result.values.begin(), result.values.end(), made.values);
    std::copy(result.shape.begin(), result.shape.end(), made.shape);
    out = made;
  });
}

void gan_array_clear(gan_array* array) {
  if (array == nullptr) return;
  std::free(array->values);
  std::free(array->shape);
  *array = gan_array{};
}

int gan_upscale(gan_model* model, const char* const* inputs, size_t count, const char* output,
                const gan_options* options, gan_progress progress, void* user, char** report) {
  if (report != nullptr) *report = nullptr;
  int status_of_first_failure = GAN_OK;
  const int status = Guard([&] {
    const gan::Model& network = Want(model, "model").model;
    std::vector<std::string> names;
    for (size_t i = 0; i < count; ++i) names.emplace_back(&Want(inputs[i], "an input"));
    gan::CancelFlag cancel;
    gan::UpscaleEvents events;
    events.cancel = &cancel;
    events.progress = [&](const gan::UpscaleEvents::File& file, double finished) {
      if (progress != nullptr && progress(user, file.index, file.count, finished) != 0) {
        cancel.Cancel();
      }
    };
    const std::vector<gan::UpscaleResult> results = gan::Upscale(
        network, names, output == nullptr ? "" : output, OrDefaults(options).upscale, events);
    for (const gan::UpscaleResult& result : results) {
      if (result.status == gan::UpscaleResult::Status::kFailed && status_of_first_failure == 0) {
        status_of_first_failure = Remember(static_cast<int>(result.code), result.message.c_str());
      }
    }
    Store(report, ListOf(results));
  });
  return status != GAN_OK ? status : status_of_first_failure;
}

int gan_sample(gan_model* model, const char* output, const gan_options* options,
               gan_progress progress, void* user, char** json) {
  return Guard([&] {
    gan::CancelFlag cancel;
    const gan::SampleEvents events{
        .progress =
            [&](double finished) {
              if (progress != nullptr && progress(user, 0, 1, finished) != 0) cancel.Cancel();
            },
        .cancel = &cancel};
    const gan::SampleResult result =
        Sampled(Want(model, "model"), &Want(output, "output"), OrDefaults(options), events);
    Store(json, gan::ToJson(result));
  });
}

int gan_inspect(const char* name, const gan_options* options, char** json) {
  return Guard([&] {
    const gan_options& o = OrDefaults(options);
    const gan::Inspection inspection =
        gan::Inspect(&Want(name, "name"), o.inspect, o.engine, o.load);
    Want(json, "json") = CopyOf(gan::ToJson(inspection, true));
  });
}

int gan_convert(const char* input, const char* output, const gan_options* options, char** json) {
  return Guard([&] {
    const gan::Conversion conversion =
        gan::Convert(&Want(input, "input"), &Want(output, "output"), OrDefaults(options).load);
    Store(json, gan::ToJson(conversion));
  });
}

int gan_bench(const gan_options* options, char** json) {
  return Guard([&] {
    const gan_options& o = OrDefaults(options);
    Want(json, "json") = CopyOf(gan::ToJson(gan::Bench(o.bench, o.engine, o.load)));
  });
}

int gan_doctor(const gan_options* options, char** json) {
  return Guard(
      [&] { Want(json, "json") = CopyOf(gan::ToJson(gan::Doctor(OrDefaults(options).engine))); });
}
