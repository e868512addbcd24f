#include "sample_traces.hpp"

#include <random>

#include "report_support.hpp"

namespace netscan::testing {
namespace {

trace_answer from_router(const char* router, std::vector<std::uint32_t> rtts) {
  return {probe_reason::time_exceeded, icmp_evidence{11, 0, *parse_ip_address(router)},
          std::move(rtts)};
}

trace_record trace_to(const char* address) {
  trace_record trace;
  trace.vantage = "pc";
  trace.ip = *parse_ip_address(address);
  trace.port = 443;
  trace.target = std::string(address) + ":443";
  trace.source = source_address{*parse_ip_address("192.168.77.10"), 24, "eth0"};
  trace.max_hops = 30;
  trace.gaps = 5;
  trace.timeout_ms = 4000;
  trace.time = timestamp(std::chrono::milliseconds(1767607200123));
  trace.duration_us = 4'000'871;
  trace.end.emplace();
  trace.end->ip = trace.ip;
  trace.end->port = trace.port;
  trace.end->attempts = 3;
  trace.end->time = trace.time + std::chrono::milliseconds(4001);
  return trace;
}

}  // namespace

trace_record silent_trace() {
  trace_record trace = trace_to("10.0.0.216");
  trace.stop = trace_stop::gaps;
  trace.hops.push_back({1, 3, {from_router("192.168.77.1", {312, 298, 290})}});
  for (std::uint8_t ttl = 2; ttl <= 6; ++ttl) trace.hops.push_back({ttl, 3, {}});
  return trace;
}

trace_record open_trace() {
  trace_record trace = trace_to("10.0.0.232");
  trace.stop = trace_stop::end;
  trace.hops = {
      {1, 3, {from_router("192.168.77.1", {312, 298})}},
      {2, 3, {from_router("192.168.78.2", {1400}), from_router("192.168.78.3", {980, 1})}},
      {3, 3, {{probe_reason::syn_ack, std::nullopt, {410, 405, 399}}}}};
  trace.end->reason = probe_reason::syn_ack;
  trace.end->rtt_us = 402;
  return trace;
}

trace_record random_trace(std::uint64_t seed) {
  std::mt19937_64 random(seed);
  trace_record trace;
  trace.vantage = random() % 2 == 0 ? "pc" : "a \"b\"\n\x1b[31m";
  trace.target = random() % 2 == 0 ? "gitlab.ailab.com:443" : "";
  const probe_record end = random_record(random);
  trace.ip = end.ip;
  trace.port = end.port;
  if (random() % 4 != 0) trace.end = end;
  if (random() % 4 != 0) {
    trace.source = source_address{ip_address::v4(static_cast<std::uint32_t>(random())),
                                  static_cast<std::uint8_t>(random() % 33), "eth0"};
  }
  const std::size_t hops = random() % 8;
  for (std::uint8_t ttl = 1; ttl <= hops; ++ttl) {
    trace_hop hop{ttl, static_cast<std::uint16_t>(random() % 11), {}};
    const std::size_t answers = random() % 4;
    for (std::size_t i = 0; i < answers; ++i) {
      const probe_record answer = random_record(random);
      hop.answers.push_back({answer.reason, answer.icmp, {}});
      for (std::size_t j = random() % 4; j > 0; --j) {
        hop.answers.back().rtts_us.push_back(static_cast<std::uint32_t>(random()));
      }
    }
    trace.hops.push_back(std::move(hop));
  }
  trace.stop = static_cast<trace_stop>(random() % 4);
  trace.max_hops = static_cast<std::uint8_t>(random());
  trace.gaps = static_cast<std::uint8_t>(random());
  trace.timeout_ms = static_cast<std::uint32_t>(random());
  trace.time = timestamp(std::chrono::milliseconds(random() % 4'000'000'000'000));
  trace.duration_us = random();
  return trace;
}

}  // namespace netscan::testing
