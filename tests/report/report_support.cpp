#include "report_support.hpp"

#include <gtest/gtest.h>
#include <sys/mman.h>
#include <unistd.h>

#include "netscan/target/status.hpp"

namespace netscan::testing {

std::string written(report_format format, const scan_header& header,
                    const std::vector<probe_record>& probes, const scan_summary& summary,
                    const writer_options& options) {
  const int fd = ::memfd_create("results", MFD_CLOEXEC);
  const auto writer = make_writer(format, fd, options);
  EXPECT_FALSE(writer->begin(header));
  EXPECT_FALSE(writer->add(probes));
  EXPECT_FALSE(writer->end(summary));
  std::string text(static_cast<std::size_t>(::lseek(fd, 0, SEEK_END)), '\0');
  EXPECT_EQ(::pread(fd, text.data(), text.size(), 0), static_cast<ssize_t>(text.size()));
  ::close(fd);
  return text;
}

scan_header sample_header() {
  scan_header h;
  h.version = "1.2.3";
  h.vantage = "pc";
  h.start = timestamp(std::chrono::milliseconds(1767607200123));
  h.sources = {{*parse_ip_address("192.168.77.10"), 24, "eth0"},
               {*parse_ip_address("fd00:77::10"), 64, "eth0"}};
  h.gateways = {*parse_ip_address("192.168.77.1")};
  h.targets = {"10.0.0.0/24", "gitlab.example"};
  h.exclude = {"10.0.0.7"};
  h.ports = "80,443";
  h.addresses = 256;
  h.planned = 512;
  h.seed = ~std::uint64_t{0};
  h.order = "permuted";
  h.shard_index = 2;
  h.shard_count = 8;
  h.plan_hash = "00f1e2d3c4b5a697";
  h.timing = "default";
  h.timeout_ms = 1100;
  h.retries = 1;
  h.rate = 1000;
  h.concurrency = 4096;
  h.threads = 2;
  h.per_address = 4096;
  h.per_network = 8192;
  h.limits = host_limits{.descriptors = 1000,
                         .local_ports = 28232,
                         .neighbors = {},
                         .conntrack_max = 262144,
                         .conntrack_used = 7,
                         .memory_kib = {}};
  return h;
}

probe_record random_record(std::mt19937_64& random) {
  probe_record r;
  r.ip = random() % 2 == 0 ? ip_address::v4(static_cast<std::uint32_t>(random()))
                           : ip_address::v6(random(), random());
  r.port = static_cast<std::uint16_t>(1 + random() % 65535);
  r.reason = static_cast<probe_reason>(random() %
                                       (static_cast<std::uint64_t>(probe_reason::local_error) + 1));
  r.attempts = static_cast<std::uint16_t>(random());
  if (random() % 3 == 0) {
    r.icmp = icmp_evidence{static_cast<std::uint8_t>(random()), static_cast<std::uint8_t>(random()),
                           ip_address::v4(static_cast<std::uint32_t>(random()))};
  }
  if (random() % 2 == 0) r.rtt_us = static_cast<std::uint32_t>(random());
  if (r.reason == probe_reason::local_error) r.local_errno = random() % 2 == 0 ? ENETUNREACH : 4000;
  r.time = timestamp(std::chrono::milliseconds(random() % 4'000'000'000'000));
  return r;
}

namespace {

probe_record lab_record(unsigned host, std::uint16_t port) {
  probe_record r;
  r.ip = ip_address::v4(0x0a000000 + host);
  r.port = port;
  r.attempts = 1;
  const auto rejected = [&](probe_reason reason, std::uint8_t code) {
    r.reason = reason;
    r.icmp = icmp_evidence{3, code, *parse_ip_address("192.168.77.1")};
    r.rtt_us = 412;
  };
  if (host == 232 || host == 249) {
    r.reason = probe_reason::syn_ack;
    r.rtt_us = 12'345;
  } else if (host == 50 || (host >= 80 && host <= 89)) {
    r.reason = probe_reason::conn_refused;
    r.rtt_us = 400;
  } else if (host >= 60 && host <= 69) {
    rejected(probe_reason::admin_prohibited, 13);
  } else if (host >= 70 && host <= 79) {
    rejected(probe_reason::port_unreach, 3);
  } else if (host >= 90 && host <= 99) {
    rejected(probe_reason::net_prohibited, 9);
  } else if (host == 240 || host == 241 || (host == 242 && port == 443)) {
    rejected(probe_reason::host_unreach, 1);
    r.rtt_us = 3'060'000;
  }
  return r;
}

}  // namespace

std::vector<probe_record> lab_records() {
  std::vector<probe_record> records;
  for (unsigned host = 0; host < 256; ++host) {
    records.push_back(lab_record(host, 443));
    records.push_back(lab_record(host, 80));
  }
  return records;
}

scan_header lab_header() {
  scan_header h = sample_header();
  h.targets = {"10.0.0.0/24"};
  h.exclude.clear();
  return h;
}

scan_summary summary_of(const std::vector<probe_record>& probes) {
  scan_summary s;
  s.planned = probes.size();
  for (const probe_record& record : probes) count(s, record);
  s.syns = probes.size();
  s.duration_ms = 4021;
  s.complete = true;
  return s;
}

std::string merge_error(const std::vector<std::string>& paths, merge_options options) {
  result_merger merger(std::move(options));
  for (const std::string& path : paths) {
    if (const absl::Status status = merger.add(path); !status.ok()) {
      return std::string(message_of(status));
    }
  }
  return "";
}

scan_results merged(const std::vector<std::string>& paths, merge_options options,
                    std::vector<std::string>* notices) {
  result_merger merger(std::move(options));
  for (const std::string& path : paths) {
    const absl::Status status = merger.add(path);
    EXPECT_TRUE(status.ok()) << message_of(status);
  }
  scan_results whole;
  whole.header = *merger.header();
  const auto error = merger.hand_out([&](std::span<const probe_record> records) {
    whole.probes.insert(whole.probes.end(), records.begin(), records.end());
    return boost::system::error_code();
  });
  EXPECT_FALSE(error) << error.message();
  whole.summary = merger.summary();
  if (notices != nullptr) *notices = merger.notices();
  const scan_summary& s = *whole.summary;
  EXPECT_EQ(s.planned, s.ended() + s.skipped + s.not_started);
  return whole;
}

}  // namespace netscan::testing
