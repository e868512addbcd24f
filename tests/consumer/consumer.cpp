#include <fmt/format.h>

#include <netscan/remedy/metallb.hpp>
#include <netscan/report/reader.hpp>
#include <netscan/scan/scan.hpp>
#include <netscan/target/target_list.hpp>
#include <netscan/version.hpp>

int main() {
  const std::string targets[] = {"10.0.0.0/24"};
  const auto list = netscan::parse_targets(targets);
  const auto plan = netscan::plan::make(list->addresses, *netscan::parse_ports("80,443"));
  const auto results = netscan::parse_ndjson("", "nothing");
  fmt::print("netscan {}: {} probes, {}\n", netscan::version, plan->size(),
             results.ok() ? "ok" : "no results");
  return plan->size() == 512 ? 0 : 1;
}
