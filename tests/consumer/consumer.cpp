// Uses what needs every library behind netscan, so that a package that forgets one does not link.
#include <fmt/format.h>

#include <string>

#include <netscan/check/check_request.hpp>
#include <netscan/remedy/gitlab_values.hpp>
#include <netscan/report/reader.hpp>
#include <netscan/target/plan.hpp>
#include <netscan/target/target_list.hpp>
#include <netscan/version.hpp>

int main() {
  const std::string targets[] = {"10.0.0.0/24"};
  const auto list = netscan::parse_targets(targets);
  const auto plan = netscan::plan::make(list->addresses, *netscan::parse_ports("80,443"));
  const auto results = netscan::parse_ndjson("", "nothing");                        // Boost.JSON
  const auto request = netscan::parse_check_target("https://gitlab.example/");      // Boost.URL
  const auto trusted = netscan::validate_ca_file("/no/such/file");                  // OpenSSL
  const auto values = netscan::read_gitlab_values("global: {hosts: {domain: d}}");  // yaml-cpp
  fmt::print("netscan {}: {} probes, {}, {}, {}, {}\n", netscan::version, plan->size(),
             results.ok(), request.ok(), trusted.ok(), values.ok());
  return plan->size() == 512 && request.ok() && !trusted.ok() && values.ok() ? 0 : 1;
}
