#include "training/step_report.h"

#include <algorithm>
#include <limits>
#include <nlohmann/json.hpp>
#include <vector>

namespace gan::core {
namespace {

// The fields that are averaged over steps. Of the others the last value counts, or the sum.
template <class Report, class Visit>
void VisitMeans(Report& r, Visit&& visit) {
  visit("discriminator_loss", r.discriminator_loss);
  visit("generator_loss", r.generator_loss);
  visit("penalty", r.penalty);
  visit("real_logit", r.real_logit);
  visit("fake_logit", r.fake_logit);
  visit("real_right", r.real_right);
  visit("fake_right", r.fake_right);
  visit("real_sign", r.real_sign);
  visit("discriminator_gradient", r.discriminator_gradient);
  visit("generator_gradient", r.generator_gradient);
}

}  // namespace

void StepReport::Add(const StepReport& other) {
  std::vector<double> more;
  VisitMeans(other, [&](const char*, double value) { more.push_back(value); });
  auto next = more.begin();
  VisitMeans(*this, [&](const char*, double& value) { value += *next++; });
  augmentation = other.augmentation;
  rate = other.rate;
  skipped += other.skipped;
}

StepReport StepReport::Mean(int64_t steps) const {
  StepReport mean = *this;
  const double count = static_cast<double>(std::max<int64_t>(steps, 1));
  VisitMeans(mean, [&](const char*, double& value) { value /= count; });
  return mean;
}

nlohmann::ordered_json StepReport::ToJson() const {
  nlohmann::ordered_json json;
  VisitMeans(*this, [&](const char* name, double value) { json[name] = value; });
  json["augmentation"] = augmentation;
  json["rate"] = rate;
  json["skipped"] = skipped;
  return json;
}

StepReport StepReport::FromJson(const nlohmann::ordered_json& json) {
  StepReport report;
  // What is not finite was written as null.
  VisitMeans(report, [&](const char* name, double& value) {
    const auto& found = json.at(name);
    value = found.is_null() ? std::numeric_limits<double>::quiet_NaN() : found.get<double>();
  });
  report.augmentation = json.at("augmentation").get<double>();
  report.rate = json.at("rate").get<double>();
  report.skipped = json.at("skipped").get<int>();
  return report;
}

}  // namespace gan::core
