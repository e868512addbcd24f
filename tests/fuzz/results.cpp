// Files of results in every format: NDJSON, JSON, nmap's XML, masscan's JSON.
#include "fuzz.hpp"
#include "netscan/report/reader.hpp"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace netscan;
  const absl::StatusOr<results_file> file = parse_results(fuzz::text_of(data, size), "input");
  fuzz::require_clean(file.status());
  if (!file.ok()) return 0;
  for (const std::string& notice : file->notices) {
    fuzz::require_clean(absl::InvalidArgumentError(notice));
  }
  for (const scan_results& scan : file->scans) {
    for (const probe_record& probe : scan.probes) fuzz::require(probe.port != 0, "a port is one");
  }
  return 0;
}
