#include "netscan/remedy/remedy_plan.hpp"

#include <gtest/gtest.h>

#include <string>

#include "lab_results.hpp"
#include "netscan/target/status.hpp"

namespace netscan {
namespace {

using testing::ip;

remedy_plan sample() {
  return {.version = "0.1.0",
          .service = "ingress-nginx/ingress-nginx-controller",
          .vips = {ip("10.0.0.232"), ip("fd00:10::232")},
          .old_vips = {ip("10.0.0.216")},
          .hosts = {"gitlab.ailab.com"},
          .checks = {{plan_check_kind::answers, "[fd00:10::232]:443"},
                     {.kind = plan_check_kind::serves,
                      .target = "https://gitlab.ailab.com/",
                      .addresses = {ip("10.0.0.232"), ip("fd00:10::232")},
                      .status = "200-399",
                      .text = "Git\"Lab\" \xc3\xa4",
                      .any_certificate = true},
                     {plan_check_kind::resolves, "gitlab.ailab.com", {ip("10.0.0.232")}},
                     {plan_check_kind::unneeded, "10.0.0.216"}}};
}

std::string error(const std::string& text) {
  const auto plan = parse_remedy_plan(text, "plan.json");
  return plan.ok() ? "" : std::string(message_of(plan.status()));
}

/// A plan with this list of checks.
std::string with_checks(const std::string& checks) {
  return R"({"type":"remedy-plan","netscan":"0","service":"a/b","vips":["10.0.0.1"],"hosts":[],)"
         R"("checks":)" +
         checks + '}';
}

TEST(a_plan, is_read_back_as_it_was_written) {
  EXPECT_EQ(parse_remedy_plan(to_json(sample()), "plan.json").value(), sample());
}

TEST(a_plan, is_written_for_people_too) {
  const std::string text = to_json(sample());
  EXPECT_NE(text.find("\n    {\"check\": \"unneeded\", \"target\": \"10.0.0.216\"}\n"), text.npos)
      << text;
}

TEST(a_plan, is_refused_with_its_name_and_what_is_wrong) {
  EXPECT_TRUE(error("{").starts_with("plan.json: no JSON: "));
  EXPECT_EQ(error("[]"), "plan.json: no remedy plan");
  EXPECT_EQ(error(R"({"type":"scan"})"),
            "plan.json: no remedy plan: its type is 'scan', not 'remedy-plan'");
  EXPECT_EQ(error(R"({"type":"remedy-plan"})"), "plan.json: 'netscan' is missing");
  EXPECT_EQ(error(with_checks("[]")), "plan.json: no checks are in it");
  EXPECT_EQ(error(with_checks("{}")), "plan.json: 'checks' is not a list");
  std::string extra = with_checks(R"([{"check":"unneeded","target":"10.0.0.1"}])");
  EXPECT_EQ(error(extra), "");
  extra.insert(1, R"("chekcs":[],)");
  EXPECT_EQ(error(extra), "plan.json: what is 'chekcs'?");
}

TEST(a_check_of_a_plan, is_refused_when_it_cannot_be_made) {
  struct {
    const char* check;
    const char* wrong;
  } const rows[] = {
      {R"("x")", "plan.json: check 1: it is not an object"},
      {R"({"target":"10.0.0.1"})", "plan.json: check 1: 'check' is missing"},
      {R"({"check":"pings","target":"10.0.0.1"})", "plan.json: check 1: unknown check 'pings'"},
      {R"({"check":"answers","target":"https://a.b/"})",
       "plan.json: check 1: 'https://a.b/' is not HOST:PORT"},
      {R"({"check":"serves","target":"a.b:80","addresses":["10.0.0.1"]})",
       "plan.json: check 1: 'a.b:80' is no URL of http or https"},
      {R"({"check":"serves","target":"http://a.b/","addresses":[]})",
       "plan.json: check 1: 'addresses' is empty"},
      {R"({"check":"serves","target":"http://a.b/"})",
       "plan.json: check 1: 'addresses' is missing"},
      {R"({"check":"serves","target":"http://a.b/","addresses":[1]})",
       "plan.json: check 1: 'addresses' has an item that is not a string"},
      {R"({"check":"serves","target":"http://a.b/","addresses":["10.0.0.1"],"insecure":true})",
       "plan.json: check 1: what is 'insecure'?"},
      {R"({"check":"serves","target":"http://a.b/","addresses":["10.0.0.1"],"text":5})",
       "plan.json: check 1: 'text' is not a string"},
      {R"({"check":"resolves","target":"10.0.0.300","addresses":["10.0.0.1"]})",
       "plan.json: check 1: '10.0.0.300' is no host name"},
  };
  for (const auto& row : rows) {
    EXPECT_EQ(error(with_checks('[' + std::string(row.check) + ']')), row.wrong) << row.check;
  }
  // Whose words these are is their own tests' to say.
  for (const char* check :
       {R"({"check":"answers","target":"a.b"})", R"({"check":"unneeded","target":"a.b"})",
        R"({"check":"serves","target":"http://a.b/","addresses":["10.0.0.1"],"status":"999"})",
        R"({"check":"serves","target":"http://a.b/","addresses":["10.0.0"]})"}) {
    EXPECT_TRUE(
        error(with_checks('[' + std::string(check) + ']')).starts_with("plan.json: check 1: "))
        << check;
  }
}

TEST(a_plan, may_be_hostile) {
  const std::string deep(100'000, '[');
  EXPECT_TRUE(error(deep).starts_with("plan.json: no JSON"));
  EXPECT_TRUE(error("\xff\xfe{}").starts_with("plan.json: no JSON"));
  const std::string evil = error(with_checks(R"([{"check":"\u001b[31m\n","target":"10.0.0.1"}])"));
  EXPECT_EQ(evil.find('\x1b'), evil.npos);
  EXPECT_EQ(evil.find('\n'), evil.npos);
}

TEST(a_plan_file, that_is_not_there_is_named) {
  const auto plan = read_remedy_plan("/no/such/plan.json");
  EXPECT_EQ(plan.status().code(), absl::StatusCode::kNotFound);
  EXPECT_NE(message_of(plan.status()).find("/no/such/plan.json"), std::string_view::npos);
}

}  // namespace
}  // namespace netscan
