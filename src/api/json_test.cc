#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "gan/bench.h"
#include "gan/checkpoint.h"
#include "gan/doctor.h"
#include "gan/evaluate.h"
#include "gan/upscale.h"

namespace gan {
namespace {

using Json = nlohmann::json;

TEST(Json, InspectionOfAGenerator) {
  Inspection inspection;
  inspection.path = "x.pth";
  inspection.tensors = {{"conv.weight", "f16", {8, 3, 3, 3}, 432}};
  ModelInfo& model = inspection.model.emplace();
  model.family = "compact";
  model.geometry.scale_num = 4;
  model.facts = {{"num_feat", "64"}};
  Plan& plan = inspection.plan.emplace();
  plan.parameters = 100;
  plan.workspace = 11;

  const Json json = Json::parse(ToJson(inspection, true));
  EXPECT_EQ(json["model"]["family"], "compact");
  EXPECT_EQ(json["model"]["scale"], 4.0);
  EXPECT_TRUE(json["model"]["reach"].is_null());
  EXPECT_EQ(json["model"]["facts"]["num_feat"], "64");
  EXPECT_EQ(json["plan"]["total"], 111);
  EXPECT_EQ(json["tensors"][0]["shape"], (Json{8, 3, 3, 3}));
  EXPECT_FALSE(json.contains("why_no_model"));
  EXPECT_FALSE(Json::parse(ToJson(inspection, false)).contains("tensors"));
}

TEST(Json, NamesThatAreNoUtf8StayValid) {
  Inspection inspection;
  inspection.path = "a\xff\n.pth";
  inspection.why_no_model = "none";
  const Json json = Json::parse(ToJson(inspection, true));
  EXPECT_EQ(json["path"], "a\xef\xbf\xbd\n.pth");
  EXPECT_EQ(json["why_no_model"], "none");
  EXPECT_FALSE(json.contains("model"));
}

TEST(Json, ResultsSayWhatTheirStatusKnows) {
  UpscaleResult result;
  result.input = "a.png";
  result.width = 640;
  EXPECT_EQ(Json::parse(ToJson(result))["width"], 640);
  result.status = UpscaleResult::Status::kFailed;
  result.code = ErrorCode::kBadData;
  result.message = "[a.png] broken";
  const Json failed = Json::parse(ToJson(result));
  EXPECT_EQ(failed["status"], "failed");
  EXPECT_EQ(failed["code"], 65);
  EXPECT_FALSE(failed.contains("width"));
  result.status = UpscaleResult::Status::kSkipped;
  EXPECT_EQ(Json::parse(ToJson(result))["status"], "skipped");
}

TEST(Json, ReportsAreObjects) {
  BenchResult bench;
  bench.seconds = {0.5, 0.25};
  EXPECT_EQ(Json::parse(ToJson(bench))["seconds"], (Json{0.5, 0.25}));
  DoctorReport doctor;
  doctor.cpu_targets = {"avx2", "reference"};
  EXPECT_EQ(Json::parse(ToJson(doctor))["cpu_targets"], (Json{"avx2", "reference"}));
  Conversion conversion;
  conversion.tensors = 3;
  EXPECT_EQ(Json::parse(ToJson(conversion))["tensors"], 3);
}

TEST(Json, EvaluationWithItsProtocols) {
  Evaluation evaluation;
  evaluation.made = "run";
  evaluation.figures = {{"fid", 1.5, std::nullopt, "FID, ..."}, {"kid", 0.25, 0.125, "KID, ..."}};
  const Json json = Json::parse(ToJson(evaluation));
  EXPECT_EQ(json["figures"][0]["value"], 1.5);
  EXPECT_FALSE(json["figures"][0].contains("spread"));
  EXPECT_EQ(json["figures"][1]["spread"], 0.125);
  EXPECT_EQ(json["figures"][1]["protocol"], "KID, ...");
  EXPECT_FALSE(json.contains("neighbours"));
}

}  // namespace
}  // namespace gan
