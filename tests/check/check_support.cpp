#include "check_support.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "netscan/target/printable.hpp"
#include "netscan/target/status.hpp"

namespace netscan::testing {
namespace {

void expect_consistent(const layer_result& layer) {
  const bool is_bad =
      layer.outcome == check_outcome::failed || layer.outcome == check_outcome::error;
  EXPECT_EQ(is_bad, layer.problem != check_problem::none) << to_string(layer.problem);
}

/// What holds for every record, whatever the server did.
void expect_consistent(const check_record& record) {
  ASSERT_FALSE(record.steps.empty());
  EXPECT_FALSE(record.summary.empty());
  EXPECT_EQ(record.summary, printable(record.summary)) << "not for a terminal";
  EXPECT_EQ(record.layer.has_value(),
            record.outcome == check_outcome::failed || record.outcome == check_outcome::error);
  for (const check_step& step : record.steps) {
    if (step.dns) expect_consistent(*step.dns);
    if (step.tcp) expect_consistent(*step.tcp);
    if (step.tls) expect_consistent(*step.tls);
    if (step.http) expect_consistent(*step.http);
  }
}

}  // namespace

check_request request_for(const std::string& target) {
  absl::StatusOr<check_request> request = parse_check_target(target);
  EXPECT_TRUE(request.ok()) << message_of(request.status());
  return *std::move(request);
}

check_record run_check(const check_request& request) {
  EXPECT_TRUE(validate(request).ok());
  const std::vector<check_record> records = check({&request, 1});
  EXPECT_EQ(records.size(), 1U);
  expect_consistent(records.at(0));
  return records.at(0);
}

std::string verdict_of(const check_record& record) {
  if (!record.layer) return std::string(record.reason());
  return fmt::format("{} {}", to_string(*record.layer), record.reason());
}

}  // namespace netscan::testing
