#include "verdicts.hpp"

#include <gtest/gtest.h>

#include "hosts_file.hpp"
#include "lab_results.hpp"
#include "netscan/remedy/verify.hpp"

namespace netscan::detail {
namespace {

using testing::ip;
using testing::lan;
using testing::seen;

const remedy_plan plan = {.version = "0.1.0",
                          .service = "ingress-nginx/ingress-nginx-controller",
                          .vips = {lan(232)},
                          .old_vips = {lan(216)},
                          .hosts = {"gitlab.ailab.com"},
                          .checks = {}};

const plan_check serves = {.kind = plan_check_kind::serves,
                           .target = "https://gitlab.ailab.com/",
                           .addresses = {lan(232)},
                           .status = "200-399"};

bool has(const std::string& text, std::string_view part) {
  return text.find(part) != text.npos;
}

// --- connections ---

check_record record_of(check_outcome outcome, std::optional<check_layer> layer,
                       check_problem problem) {
  check_record record;
  record.outcome = outcome;
  record.layer = layer;
  record.problem = problem;
  record.port = 443;
  record.summary = "what the check says";
  record.time = timestamp(std::chrono::seconds(1767607200));
  record.steps.resize(1);
  return record;
}

verified_check judged(check_record record, const plan_check& check = serves) {
  verified_check verified{.check = check};
  verified.record = std::move(record);
  conclude_record(verified, plan);
  return verified;
}

verified_check tcp_failure(probe_reason reason, std::optional<ip_address> sender = std::nullopt) {
  check_record record = record_of(check_outcome::failed, check_layer::tcp, check_problem::connect);
  record.steps[0].tcp.emplace();
  record.steps[0].tcp->attempts = {seen(lan(232), 443, reason, sender)};
  return judged(std::move(record));
}

TEST(a_connection_that_fails, is_diagnosed_by_its_reason) {
  struct {
    probe_reason reason;
    std::optional<ip_address> sender;
    const char* diagnosis;
  } const rows[] = {
      {probe_reason::no_response, {}, "a firewall drops it"},
      {probe_reason::conn_refused, {}, "nothing listens there. The Service has no ready pod"},
      {probe_reason::admin_prohibited, ip("192.168.77.1"),
       "192.168.77.1 rejects 10.0.0.232 port 443 (admin-prohibited)"},
      {probe_reason::host_unreach, ip("192.168.77.1"), "192.168.77.1 finds nobody at 10.0.0.232"},
      {probe_reason::no_neighbor, ip("10.0.0.11"), "this host finds nobody at 10.0.0.232"},
      {probe_reason::net_unreach, ip("192.168.77.1"), "192.168.77.1 has no route to 10.0.0.232"},
      {probe_reason::time_exceeded, ip("192.168.77.1"), "goes round in a circle"}};
  for (const auto& row : rows) {
    const verified_check verified = tcp_failure(row.reason, row.sender);
    EXPECT_EQ(verified.outcome, verify_outcome::fails);
    EXPECT_EQ(verified.reason, to_string(row.reason));
    EXPECT_TRUE(has(verified.diagnosis, row.diagnosis)) << verified.diagnosis;
  }
  EXPECT_TRUE(has(tcp_failure(probe_reason::conn_refused).diagnosis,
                  "kubectl -n ingress-nginx get service ingress-nginx-controller"));
}

TEST(what_this_host_cannot_ask, is_unknown_and_never_a_failure_of_the_remedy) {
  const verified_check error =
      judged(record_of(check_outcome::error, check_layer::tcp, check_problem::local_error));
  EXPECT_EQ(error.outcome, verify_outcome::unknown);
  EXPECT_EQ(error.diagnosis, "this host could not ask: what the check says");
  const verified_check stopped =
      judged(record_of(check_outcome::stopped, std::nullopt, check_problem::none));
  EXPECT_EQ(stopped.outcome, verify_outcome::unknown);
  EXPECT_EQ(stopped.reason, "stopped");
}

TEST(an_http_answer, is_diagnosed_by_its_status) {
  const auto with_status = [](std::uint16_t status, check_problem problem) {
    check_record record = record_of(check_outcome::failed, check_layer::http, problem);
    record.steps[0].http.emplace();
    record.steps[0].http->status = status;
    plan_check check = serves;
    check.text = "GitLab";
    return judged(std::move(record), check).diagnosis;
  };
  EXPECT_TRUE(has(with_status(404, check_problem::status), "does not know the name"));
  EXPECT_TRUE(has(with_status(503, check_problem::status), "what is behind it does not"));
  EXPECT_EQ(with_status(418, check_problem::status), "the status is 418, right is 200-399");
  EXPECT_TRUE(has(with_status(200, check_problem::text), "not with 'GitLab'"));
  EXPECT_TRUE(has(with_status(0, check_problem::not_http), "no proper HTTP answer"));
}

// --- certificates ---

check_record accepted_certificate(std::vector<std::string> names, int begin_days, int end_days) {
  check_record record = record_of(check_outcome::ok, std::nullopt, check_problem::none);
  tls_result tls;
  tls.server_name = "gitlab.ailab.com";
  tls.verify_problem = check_problem::cert_self_signed;
  tls.certificate.emplace();
  tls.certificate->names = std::move(names);
  tls.certificate->not_before = record.time + std::chrono::days(begin_days);
  tls.certificate->not_after = record.time + std::chrono::days(end_days);
  record.steps[0].tls = std::move(tls);
  record.steps[0].http.emplace();
  record.steps[0].http->status = 200;
  return record;
}

TEST(a_certificate_that_is_accepted_though_not_trusted, must_have_the_name_and_be_of_today) {
  EXPECT_EQ(judged(accepted_certificate({"gitlab.ailab.com"}, -1, 1)).outcome,
            verify_outcome::holds);
  const verified_check other = judged(accepted_certificate({"www.ailab.com"}, -1, 1));
  EXPECT_EQ(other.outcome, verify_outcome::fails);
  EXPECT_EQ(other.reason, "cert-name-mismatch");
  EXPECT_TRUE(has(other.diagnosis, "the certificate is for www.ailab.com"));
  EXPECT_EQ(judged(accepted_certificate({"gitlab.ailab.com"}, -2, -1)).reason, "cert-expired");
  EXPECT_EQ(judged(accepted_certificate({"gitlab.ailab.com"}, 1, 2)).reason, "cert-not-yet-valid");
}

TEST(a_certificate_name, stands_for_hosts_as_rfc_6125_has_it) {
  EXPECT_TRUE(is_for_host("gitlab.ailab.com", "GitLab.ailab.com"));
  EXPECT_TRUE(is_for_host("*.ailab.com", "gitlab.ailab.com"));
  for (const char* host : {"ailab.com", "a.b.ailab.com", ".ailab.com", "gitlabxailab.com", ""}) {
    EXPECT_FALSE(is_for_host("*.ailab.com", host)) << host;
  }
  EXPECT_FALSE(is_for_host("*.com", "ailab.com"));
  EXPECT_FALSE(is_for_host("*", "ailab"));
  EXPECT_FALSE(is_for_host("g*.ailab.com", "gitlab.ailab.com"));
}

TEST(an_untrusted_certificate, is_diagnosed_with_the_two_ways_on) {
  check_record record =
      record_of(check_outcome::failed, check_layer::tls, check_problem::cert_self_signed);
  const verified_check verified = judged(std::move(record));
  EXPECT_EQ(verified.reason, "cert-self-signed");
  EXPECT_TRUE(has(verified.diagnosis, "--ca-file") && has(verified.diagnosis, "-k"));
}

// --- names ---

constexpr std::string_view hosts_text =
    "127.0.0.1 localhost\n"
    "# 10.0.0.216 commented.ailab.com\n"
    "\n"
    "10.0.0.216\tGitLab.ailab.com registry.ailab.com # old\n"
    "not-an-address x\n"
    "10.0.0.232 minio.ailab.com\n"
    "10.0.0.9\n";

TEST(a_hosts_file, is_read_as_the_resolver_reads_it) {
  const std::vector<hosts_line> lines = parse_hosts_file(hosts_text);
  ASSERT_EQ(lines.size(), 3u);
  EXPECT_EQ(lines[1].number, 4u);
  EXPECT_EQ(lines[1].address, lan(216));
  EXPECT_EQ(lines[1].names, (std::vector<std::string>{"gitlab.ailab.com", "registry.ailab.com"}));
}

looked_up found(std::vector<ip_address> addresses) {
  return absl::StatusOr<std::vector<ip_address>>(std::move(addresses));
}

verified_check resolves(const looked_up& answer, std::string_view hosts = "") {
  verified_check verified{
      .check = {plan_check_kind::resolves, "gitlab.ailab.com", {lan(232), ip("fd00:10::232")}}};
  conclude_name(verified, answer, parse_hosts_file(hosts));
  return verified;
}

TEST(a_name, must_lead_to_the_new_addresses_and_to_no_other) {
  EXPECT_EQ(resolves(found({lan(232)})).outcome, verify_outcome::holds);
  EXPECT_EQ(resolves(found({ip("fd00:10::232"), lan(232)})).outcome, verify_outcome::holds);
  const verified_check both = resolves(found({lan(232), lan(216)}));
  EXPECT_EQ(both.outcome, verify_outcome::fails);
  EXPECT_EQ(both.reason, "wrong-address");
  EXPECT_TRUE(has(both.diagnosis, "stands for 10.0.0.232, 10.0.0.216 here"));
}

TEST(a_name, that_an_old_line_leads_astray_is_shown_the_line) {
  EXPECT_TRUE(has(resolves(found({lan(216)}), hosts_text).diagnosis,
                  "line 4 of the hosts file has it at 10.0.0.216"));
  EXPECT_TRUE(has(resolves(found({lan(216)})).diagnosis, "add the bundle's lines of `hosts`"));
}

TEST(a_name, that_is_not_known_fails_and_one_not_answered_is_unknown) {
  const verified_check none = resolves(looked_up(absl::NotFoundError("no such name\x1b")));
  EXPECT_EQ(none.outcome, verify_outcome::fails);
  EXPECT_EQ(none.reason, "name-not-found");
  EXPECT_EQ(none.seen, "no such name\\x1b");
  EXPECT_EQ(resolves(looked_up()).outcome, verify_outcome::unknown);
}

verified_check unneeded(const std::map<std::string, looked_up>& names,
                        std::string_view hosts = "") {
  verified_check verified{.check = {plan_check_kind::unneeded, "10.0.0.216"}};
  conclude_old_address(verified, names, parse_hosts_file(hosts), "/etc/hosts");
  return verified;
}

TEST(an_old_address, is_needed_while_a_name_or_a_line_leads_there) {
  EXPECT_EQ(unneeded({{"gitlab.ailab.com", found({lan(232)})}}).outcome, verify_outcome::holds);
  const verified_check name = unneeded({{"gitlab.ailab.com", found({lan(216)})}});
  EXPECT_EQ(name.outcome, verify_outcome::fails);
  EXPECT_EQ(name.reason, "still-needed");
  EXPECT_EQ(name.seen, "gitlab.ailab.com leads there");
  const verified_check line = unneeded({{"gitlab.ailab.com", found({lan(232)})}}, hosts_text);
  EXPECT_EQ(line.diagnosis, "take 10.0.0.216 out of /etc/hosts line 4");
  EXPECT_EQ(unneeded({{"gitlab.ailab.com", looked_up()}}).outcome, verify_outcome::unknown);
  EXPECT_EQ(unneeded({{"gitlab.ailab.com", looked_up(absl::NotFoundError(""))}}).outcome,
            verify_outcome::holds);
}

// --- the report ---

TEST(the_report, has_each_diagnosis_once_and_counts) {
  verification found{.vantage = "pc", .service = "a/b", .vips = {lan(232)}, .checks = {}};
  found.checks = {{.check = {plan_check_kind::answers, "10.0.0.232:80"},
                   .outcome = verify_outcome::fails,
                   .reason = "no-response",
                   .seen = "no-response",
                   .diagnosis = "blocked"},
                  {.check = serves,
                   .address = lan(232),
                   .outcome = verify_outcome::fails,
                   .reason = "no-response",
                   .seen = "no-response",
                   .diagnosis = "blocked"},
                  {.check = {plan_check_kind::unneeded, "10.0.0.216"},
                   .outcome = verify_outcome::holds,
                   .reason = "ok",
                   .seen = "no name leads there"}};
  EXPECT_FALSE(found.holds());
  EXPECT_EQ(verification_text(found),
            "a/b at 10.0.0.232, seen from pc\n"
            "\n"
            "      CHECK                                SAW\n"
            "FAIL  answers   10.0.0.232:80              no-response\n"
            "FAIL  serves    https://gitlab.ailab.com/  no-response\n"
            "ok    unneeded  10.0.0.216                 no name leads there\n"
            "\n"
            "1 of 3 hold\n"
            "\n"
            "FAIL  10.0.0.232:80, https://gitlab.ailab.com/\n"
            "      blocked\n");
  EXPECT_TRUE(has(verification_json(found), "\"holds\": false"));
  EXPECT_TRUE(has(verification_json(found), "\"at\": \"10.0.0.232\""));
}

}  // namespace
}  // namespace netscan::detail
