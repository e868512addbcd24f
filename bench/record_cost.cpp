// What a record costs: written as a line of NDJSON with a write(2) of its own, and read back.
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <stdexcept>

#include "netscan/report/reader.hpp"
#include "netscan/report/writer.hpp"
#include "same_answers.hpp"

namespace netscan::bench {
namespace {

std::vector<probe_record> sample_records() {
  std::vector<probe_record> records(100'000);
  for (std::size_t i = 0; i < records.size(); ++i) {
    probe_record& r = records[i];
    r.ip = ip_address::v4(0x0a000000 + static_cast<std::uint32_t>(i));
    r.port = i % 2 == 0 ? 80 : 443;
    r.attempts = 1;
    r.time = timestamp(std::chrono::milliseconds(1767607200000 + i / 100));
    if (i % 4 == 0) continue;  // silent
    r.reason = i % 4 == 1 ? probe_reason::conn_refused : probe_reason::admin_prohibited;
    r.rtt_us = 400 + static_cast<std::uint32_t>(i % 1000);
    if (i % 4 != 1) r.icmp = icmp_evidence{3, 13, ip_address::v4(0xc0a84d01)};
  }
  return records;
}

measurement write_ndjson(const std::vector<probe_record>& records) {
  const int fd = ::open("/dev/null", O_WRONLY);
  const auto writer = make_writer(report_format::ndjson, fd, {});
  writer->begin({});
  const double before = thread_cpu_seconds();
  const bool failed = writer->add(records).failed();
  const double seconds = thread_cpu_seconds() - before;
  ::close(fd);
  if (failed) throw std::runtime_error("cannot write");
  return {seconds, static_cast<double>(records.size())};
}

/// The records as a file has them.
std::string written(const std::vector<probe_record>& records) {
  const int fd = ::memfd_create("records", 0);
  const auto writer = make_writer(report_format::ndjson, fd, {});
  writer->begin({});
  writer->add(records);
  std::string text(static_cast<std::size_t>(::lseek(fd, 0, SEEK_END)), '\0');
  const bool whole = ::pread(fd, text.data(), text.size(), 0) == std::ssize(text);
  ::close(fd);
  if (!whole) throw std::runtime_error("cannot read");
  return text;
}

measurement read_ndjson(const std::string& text, const std::vector<probe_record>& records) {
  const double before = thread_cpu_seconds();
  const auto file = parse_ndjson(text, "benchmark");
  const double seconds = thread_cpu_seconds() - before;
  if (!file.ok() || file->scans[0].probes != records)
    throw std::runtime_error("not what was written");
  return {seconds, static_cast<double>(records.size())};
}

}  // namespace
}  // namespace netscan::bench

int main(int argc, char** argv) {
  using namespace netscan::bench;
  return run_suite(argc, argv, [](suite& suite) {
    const auto records = sample_records();
    suite.add("ndjson", "write", [=] { return write_ndjson(records); });
    suite.add("ndjson", "read",
              [=, text = written(records)] { return read_ndjson(text, records); });
  });
}
