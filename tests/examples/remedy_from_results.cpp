// From a scan to the remedy's files and their verification, without the command line: the pool, the
// Service's pin and the plan, as the MetalLB in use reads them.
#include <fmt/format.h>

#include <netscan/remedy/candidates.hpp>
#include <netscan/remedy/metallb_version.hpp>
#include <netscan/remedy/remedy.hpp>
#include <netscan/remedy/verify.hpp>
#include <netscan/report/results.hpp>
#include <netscan/scan/header.hpp>
#include <netscan/scan/scan.hpp>
#include <netscan/target/target_list.hpp>

namespace {

/// A scan of two addresses here. A real one is made where the service is used, and read back with
/// netscan::read_results("pc.ndjson").
netscan::scan_results scan_here() {
  const std::string texts[] = {"127.0.0.2-3"};
  const auto targets = netscan::parse_targets(texts);
  const auto plan = netscan::plan::make(targets->addresses, *netscan::parse_ports("80,443"));
  netscan::scan_results results;
  results.source = "this scan";
  results.header = netscan::describe_scan(*plan, {}, "here");
  const netscan::scan_result scanned =
      netscan::scan(*plan, {}, [&](std::span<const netscan::probe_record> records) {
        results.probes.insert(results.probes.end(), records.begin(), records.end());
        return boost::system::error_code();
      });
  results.summary = scanned.summary;
  return results;
}

}  // namespace

int main() {
  const std::vector<netscan::scan_results> clients = {scan_here()};
  // Nothing listens on the loopback of this example, so everything is closed: passable.
  const auto list =
      netscan::find_candidates(clients, {}, {.selection = netscan::candidate_selection::passable});
  if (!list.ok()) return 2;

  netscan::remedy_options options;
  options.pool.version = *netscan::parse_metallb_version("0.14.9");
  options.hosts = {"gitlab.example"};
  const auto bundle = netscan::make_remedy(*list, options);
  if (!bundle.ok()) return 1;
  for (const netscan::bundle_file& file : bundle->files) {
    fmt::print("{}: {} bytes\n", file.name, file.text.size());
  }
  // To have them in a folder: netscan::write_bundle("fix", bundle->files, ...).

  const netscan::verification found =
      netscan::verify(bundle->plan, {.timeout = std::chrono::seconds(2)});
  fmt::print("{}", netscan::verification_text(found));
  return 0;
}
