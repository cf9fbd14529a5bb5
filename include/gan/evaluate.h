// How good a generator is: figures against the data it was trained on, each with its protocol.
#ifndef GAN_EVALUATE_H_
#define GAN_EVALUATE_H_

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "gan/engine.h"
#include "gan/export.h"
#include "gan/progress.h"

namespace gan {

// What each figure says, and what it cannot, is in docs/metrics.md.
struct EvaluateOptions {
  // Of: fid, kid, precision, recall, density, coverage, is, memorisation, memorisation_ratio,
  // variety.
  std::vector<std::string> metrics = {"fid", "kid", "precision", "recall", "density", "coverage"};
  // What pictures are compared by: "glyphs" (a classifier of small grey pictures that comes with
  // gan), "pixels" (of a very small copy), or a file with Inception-v3's weights.
  std::string features = "glyphs";
  std::string resizer = "bilinear";  // or "antialias": how pictures get to that network's size
  std::string split = "train";       // of the reference: "train", "val", "test"
  int64_t size = 0;        // pixels a side that data sets are brought to; 0: as they are, squares
  int64_t reference = 0;   // a seeded choice of so many reference pictures; 0: all
  int64_t samples = 0;     // of what was made; 0: all of a data set, 2000 of a generator
  int64_t nearest = 5;     // k of precision, recall, density and coverage
  int64_t splits = 10;     // of the Inception score
  int64_t subsets = 100;   // of KID
  uint64_t seed = 0;       // of a generator's samples, and of all that is chosen
  std::string neighbours;  // write this picture: samples beside what they are most like
  int64_t neighbour_rows = 10;  // samples on it
  std::string cache;  // folder for decoded data and what is known of a reference; "": the user's
};

// The fields by name. Static memory. Thread-safe.
GAN_API std::span<const Option<EvaluateOptions>> EvaluateOptionList();

struct Figure {
  std::string name;  // "fid"
  double value = 0;
  std::optional<double> spread;  // standard deviation over KID's subsets, the score's splits
  // All that another needs to get this number: "FID, glyphs-1 features (128), resize none, 2000
  // made vs 60000 reference (mnist, train), seed 0".
  std::string protocol;
};

struct Evaluation {
  std::string made;       // as given
  std::string reference;  // as given
  int64_t made_pictures = 0;
  int64_t reference_pictures = 0;
  std::vector<Figure> figures;     // in the order asked for
  std::vector<std::string> notes;  // about the data, one line each
  std::string neighbours;          // the picture written, ""
};

// `made`: pictures (a folder, zip, IDX, CIFAR or NumPy file), or a generator (a checkpoint, or the
// folder of a training run: its newest generator), of whose classes each is as likely. `reference`:
// pictures of the same kinds.
//
// Error kUsage: an unknown metric, or options that make no sense; kNoInput: no such data, model or
// features; kBadData: too few pictures or broken ones, a model that makes pictures from pictures;
// kInterrupted. Thread safety: one at a time.
GAN_API Evaluation Evaluate(const std::string& made, const std::string& reference,
                            const EvaluateOptions& options = {}, const EngineOptions& engine = {},
                            const LoadOptions& load = {}, const ProgressFn& progress = {},
                            const CancelFlag* cancel = nullptr);

// As one JSON object. Thread-safe.
GAN_API std::string ToJson(const Evaluation& evaluation);

}  // namespace gan

#endif  // GAN_EVALUATE_H_
