#include "sample_scans.hpp"

#include <algorithm>
#include <cerrno>
#include <limits>
#include <random>

#include "netscan/target/ip_address.hpp"

namespace netscan::testing {
namespace {

using namespace std::chrono_literals;

class random_source {
 public:
  explicit random_source(std::uint64_t seed) : engine_(seed) {}

  std::uint64_t below(std::uint64_t end) { return engine_() % end; }
  /// Of every magnitude, not only large ones.
  template <typename Number>
  Number number() {
    return static_cast<Number>(engine_() >> below(64)) & std::numeric_limits<Number>::max();
  }
  bool coin() { return below(2) == 0; }

  ip_address address() {
    switch (below(4)) {
      case 0:
        return ip_address::v6(engine_() >> below(64), engine_() >> below(64));
      case 1:
        return ip_address::v6(0xfe80ULL << 48, engine_(), 1);  // the loopback interface
      default:
        return ip_address::v4(static_cast<std::uint32_t>(engine_()));
    }
  }
  /// Whatever valid UTF-8 can hold that is awkward in JSON.
  std::string text() {
    static const std::vector<std::string> parts = {"pc",
                                                   "\"",
                                                   "\\",
                                                   "\n",
                                                   "\x01",
                                                   "\x7f",
                                                   std::string(1, '\0'),
                                                   "\xc3\xa4",
                                                   "\xe2\x80\xa8",
                                                   "\xf0\x9f\x94\xa5",
                                                   ",",
                                                   "</script>",
                                                   " ",
                                                   "%",
                                                   "{}",
                                                   "\\u0000"};
    std::string text;
    for (std::uint64_t i = below(6); i > 0; --i) text += parts[below(parts.size())];
    return text;
  }
  std::vector<std::string> texts() {
    std::vector<std::string> list(below(4));
    for (std::string& text : list) text = this->text();
    return list;
  }
  timestamp time() { return timestamp(std::chrono::milliseconds(below(4'102'444'800'000))); }

  probe_record record() {
    constexpr auto reasons = static_cast<std::uint64_t>(probe_reason::local_error) + 1;
    probe_record r;
    r.ip = address();
    r.port = static_cast<std::uint16_t>(1 + below(65535));
    r.reason = static_cast<probe_reason>(below(reasons));
    r.attempts = number<std::uint16_t>();
    if (coin()) r.icmp = icmp_evidence{number<std::uint8_t>(), number<std::uint8_t>(), address()};
    if (coin()) r.rtt_us = number<std::uint32_t>();
    // Of the first 140 some have no name, and 0 stands for "not known".
    if (r.reason == probe_reason::local_error) r.local_errno = static_cast<int>(below(140));
    r.time = time();
    return r;
  }

  scan_header header() {
    scan_header h;
    h.version = text();
    h.vantage = text();
    h.start = time();
    for (std::uint64_t i = below(3); i > 0; --i) {
      h.sources.push_back({address(), static_cast<std::uint8_t>(below(129)), text()});
    }
    for (std::uint64_t i = below(3); i > 0; --i) h.gateways.push_back(address());
    h.targets = texts();
    h.exclude = texts();
    h.ports = text();
    h.addresses = number<std::uint64_t>();
    h.planned = number<std::uint64_t>();
    h.seed = number<std::uint64_t>();
    h.order = text();
    h.shard_index = 1 + below(8);
    h.shard_count = h.shard_index + below(8);
    h.plan_hash = text();
    h.timing = text();
    h.timeout_ms = number<std::uint32_t>();
    h.retries = number<std::uint32_t>();
    h.rate = number<std::uint64_t>();
    h.concurrency = number<std::uint32_t>();
    h.threads = number<std::uint32_t>();
    h.per_address = number<std::uint32_t>();
    h.per_network = number<std::uint32_t>();
    if (number<std::uint8_t>() % 2 == 0) {
      h.limits = host_limits{.descriptors = number<std::uint64_t>(),
                             .local_ports = number<std::uint64_t>(),
                             .neighbors = number<std::uint64_t>(),
                             .conntrack_max = {},
                             .conntrack_used = {},
                             .memory_kib = number<std::uint64_t>()};
    }
    return h;
  }

 private:
  std::mt19937_64 engine_;
};

}  // namespace

std::string written(report_format format, const scan_results& scan, const writer_options& options) {
  return written(format, scan.header, scan.probes, scan.summary.value(), options);
}

std::vector<std::string> lines_of(std::string_view text) {
  std::vector<std::string> lines;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size() - 1);
    lines.emplace_back(text.substr(0, end + 1));
    text.remove_prefix(end + 1);
  }
  return lines;
}

ip_address ip(std::string_view text) {
  return parse_ip_address(text).value();
}

timestamp sample_time() {
  return timestamp(std::chrono::sys_days(std::chrono::year(2026) / 1 / 5)) + 10h + 123ms;
}

scan_results sample_scan() {
  scan_results scan;
  scan_header& h = scan.header;
  h.version = "0.1.0";
  h.vantage = "pc";
  h.start = sample_time();
  h.sources = {{ip("192.168.77.10"), 24, "eth0"}};
  h.gateways = {ip("192.168.77.1")};
  h.targets = {"10.0.0.0/24"};
  h.ports = "80,443";
  h.addresses = 256;
  h.planned = 512;
  h.seed = 7;
  h.order = "permuted";
  h.plan_hash = "00f1e2d3c4b5a697";
  h.timing = "default";
  h.timeout_ms = 1100;
  h.retries = 1;
  h.concurrency = 4096;
  h.threads = 1;

  const timestamp time = sample_time();
  scan.probes = {
      {ip("10.0.0.1"), 80, probe_reason::no_response, 2, {}, {}, 0, time},
      {ip("10.0.0.50"), 80, probe_reason::conn_refused, 1, {}, 380, 0, time},
      {ip("10.0.0.60"), 443, probe_reason::admin_prohibited, 1,
       icmp_evidence{3, 13, ip("192.168.77.1")}, 412, 0, time},
      {ip("10.0.0.61"), 443, probe_reason::local_error, 0, {}, {}, ENETUNREACH, time},
      {ip("fd00:10::232"), 443, probe_reason::syn_ack, 1, {}, 517, 0, time + 1877ms},
  };
  scan.summary = summary_of(scan.probes);
  scan.summary->syns = 6;
  scan.summary->duration_ms = 1104;
  return scan;
}

scan_results lab_scan() {
  scan_results scan;
  scan.header = lab_header();
  scan.probes = lab_records();
  scan.summary = summary_of(scan.probes);
  return scan;
}

scan_results random_scan(std::uint64_t seed, std::size_t records) {
  random_source random(seed);
  scan_results scan;
  scan.header = random.header();
  for (std::size_t i = 0; i < records; ++i) scan.probes.push_back(random.record());
  scan.summary = summary_of(scan.probes);
  scan.summary->skipped = random.number<std::uint64_t>();
  scan.summary->not_started = random.number<std::uint64_t>();
  scan.summary->syns = random.number<std::uint64_t>();
  scan.summary->duration_ms = random.number<std::uint64_t>();
  scan.summary->loss_estimate = static_cast<double>(random.below(1'000'001)) / 1e6;
  scan.summary->complete = random.coin();
  return scan;
}

}  // namespace netscan::testing
