#include "journal_support.hpp"

#include <gtest/gtest.h>

#include <cerrno>

#include "netscan/scan/header.hpp"

namespace netscan::testing {

plan journal_plan(const plan_options& options) {
  const auto ranges = {*parse_cidr("10.0.0.0/28"), *parse_cidr("10.0.1.4/30"),
                       *parse_cidr("fd00::/125")};
  return *plan::make(address_set::of(ranges), *parse_ports("80,443,8000-8002"), options);
}

journal_head head_of(const plan& plan) {
  scan_options options;
  options.timeout = std::chrono::milliseconds(1234);
  options.timing = timing::thorough;
  options.retries = 7;
  options.rate = 1000;
  options.concurrency = 77;
  options.per_address = 5;
  options.per_network = 0;
  options.threads = 3;
  scan_header header = describe_scan(plan, options, "a \"place\"\nwith \xc3\xa9 and \x01");
  header.start = timestamp(std::chrono::milliseconds(1767607200123));
  header.sources = {{*parse_ip_address("10.0.0.1"), 24, "eth 0"},
                    {*parse_ip_address("fd00::1"), 64, "br-lan"},
                    {*parse_ip_address("10.0.0.2"), 32, ""}};
  header.gateways = {*parse_ip_address("10.0.0.254"), *parse_ip_address("fe80::1")};
  header.targets = {"10.0.0.0/28", "gitlab.example"};
  header.exclude = {"10.0.1.0/30"};
  header.threads = 2;
  header.limits = host_limits{1000, 28232, std::nullopt, std::nullopt, 0, std::nullopt};
  return {header, plan, options, {"output=/tmp/a b.ndjson", "", "x\ny"}};
}

probe_record verdict(const plan& plan, std::uint64_t index) {
  const endpoint probe = plan.at(index);
  probe_record record;
  record.ip = probe.address;
  record.port = probe.port;
  record.attempts = static_cast<std::uint16_t>(1 + index % 3);
  record.time = timestamp(std::chrono::milliseconds(1767607200123 + static_cast<int>(index)));
  switch (index % 4) {
    case 0:
      return record;  // silent
    case 1:
      record.reason = probe_reason::syn_ack;
      break;
    case 2:
      record.reason = probe_reason::conn_refused;
      break;
    default:
      record.reason = probe_reason::admin_prohibited;
      record.icmp = icmp_evidence{3, 13, ip_address::v4(0x0a0000fe)};
  }
  record.rtt_us = 400 + static_cast<std::uint32_t>(index);
  return record;
}

probe_record failure(const plan& plan, std::uint64_t index) {
  probe_record record = verdict(plan, index);
  record.reason = probe_reason::local_error;
  record.local_errno = ENETUNREACH;
  record.rtt_us.reset();
  record.icmp.reset();
  return record;
}

std::vector<probe_record> replayed(const journal& journal) {
  std::vector<probe_record> all;
  const auto error = journal.replay([&](std::span<const probe_record> records) {
    all.insert(all.end(), records.begin(), records.end());
    return boost::system::error_code();
  });
  EXPECT_FALSE(error) << error.message();
  return all;
}

}  // namespace netscan::testing
