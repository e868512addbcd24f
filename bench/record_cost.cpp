// What a record costs: written as a line of NDJSON with a write(2) of its own, and read back.
#include <benchmark/benchmark.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "netscan/report/reader.hpp"
#include "netscan/report/writer.hpp"
#include "ratio_main.hpp"

namespace netscan::bench {
namespace {

std::vector<probe_record> sample_records() {
  std::vector<probe_record> records(10'000);
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

void count_records(benchmark::State& state, std::size_t records) {
  state.counters["records"] =
      benchmark::Counter(static_cast<double>(state.iterations()) * static_cast<double>(records),
                         benchmark::Counter::kIsRate);
}

void write_ndjson(benchmark::State& state) {
  const std::vector<probe_record> records = sample_records();
  const int fd = ::open("/dev/null", O_WRONLY);
  const auto writer = make_writer(report_format::ndjson, fd, {});
  writer->begin({});
  for (auto _ : state) {
    if (writer->add(records)) state.SkipWithError("cannot write");
  }
  ::close(fd);
  count_records(state, records.size());
}

void read_ndjson(benchmark::State& state) {
  const std::vector<probe_record> records = sample_records();
  const int fd = ::memfd_create("records", 0);
  const auto writer = make_writer(report_format::ndjson, fd, {});
  writer->begin({});
  writer->add(records);
  std::string text(static_cast<std::size_t>(::lseek(fd, 0, SEEK_END)), '\0');
  if (::pread(fd, text.data(), text.size(), 0) < 0) state.SkipWithError("cannot read");
  ::close(fd);
  for (auto _ : state) {
    const auto file = parse_ndjson(text, "benchmark");
    if (!file.ok() || file->scans[0].probes != records) state.SkipWithError("not what was written");
  }
  count_records(state, records.size());
}

BENCHMARK(write_ndjson);
BENCHMARK(read_ndjson);

}  // namespace
}  // namespace netscan::bench

int main(int argc, char** argv) {
  return netscan::bench::ratio_main(argc, argv, "write_ndjson");
}
