// What a model's latents are moved in, between the public interface and the layers below.
#ifndef GAN_API_LATENT_SPACE_H_
#define GAN_API_LATENT_SPACE_H_

#include <cstdint>
#include <string>
#include <vector>

#include "api/model_state.h"
#include "gan/sample.h"
#include "models/styles.h"
#include "tensor/tensor.h"

namespace gan::core {

// Latents, a row each, with what else their pictures take.
struct SpaceLatents {
  Tensor rows;                  // [n, parts * size]
  std::vector<int64_t> labels;  // one a row, where the pictures' network has classes
  bool one_style = true;        // with styles: a row is one style, repeated for each layer
};

// The random numbers z of a model, one part, or the styles of its layers, a part each.
class LatentSpace {
 public:
  // Error kUsage: a model of pictures from pictures.
  explicit LatentSpace(gan::Model::State& state);

  bool styles() const { return state_.model.style.has_value(); }
  int64_t size() const { return size_; }    // of a part
  int64_t parts() const { return parts_; }  // of a latent

  // The parts from `first` to `last`; all for -1. Error kUsage: layers that are not there.
  LayerRange Parts(int64_t first, int64_t last) const;

  // The numbers that PyTorch draws from the seed, of this class, or of one drawn for each where it
  // is "". Styles are truncated as the model's are. Error kUsage: no such class.
  SpaceLatents Drawn(uint64_t seed, int64_t count, const std::string& which_class);
  // Of a NumPy file. Error kBadData as of KindOf; kUsage: a class for styles.
  SpaceLatents Given(const std::string& path, LatentKind kind, uint64_t seed,
                     const std::string& which_class);

  // The random numbers `z` [n, latent size] of these classes as latents.
  SpaceLatents FromNumbers(Tensor z, std::vector<int64_t> labels);
  // One for each of `count` pictures; none where the model has no classes.
  std::vector<int64_t> Labels(uint64_t seed, int64_t count, const std::string& which_class) const;
  // What the model takes: z in its shape, and one-hot labels where it has classes.
  std::vector<Tensor> Inputs(const Tensor& z, const std::vector<int64_t>& labels) const;

  // What makes pictures of rows, and the classes that it takes beside them.
  Executable& Network() { return styles() ? state_.SynthesisOfTruncated() : *state_.executable; }
  int64_t network_classes() const { return styles() ? 0 : state_.model.latent->classes; }

  // A sheet of `latents` in a picture file.
  void WriteSheet(const std::string& path, const SpaceLatents& latents, int64_t columns,
                  bool provenance, const gan::SampleEvents& events);
  // The picture of one latent, right of another picture of its size.
  void WriteBeside(const std::string& path, const Tensor& left, const SpaceLatents& latent,
                   bool provenance);
  // z or w as [n, size]; w+ as [n, layers, size] unless `one_style`. And the name of its kind.
  Tensor Written(const SpaceLatents& latents) const;
  std::string NameOf(const SpaceLatents& latents) const;

 private:
  Tensor Sheet(const SpaceLatents& latents, int64_t columns, const gan::SampleEvents& events);

  gan::Model::State& state_;
  int64_t size_ = 0;
  int64_t parts_ = 1;
};

}  // namespace gan::core

#endif  // GAN_API_LATENT_SPACE_H_
