// Checks endpoints layer by layer, many at once.
#include <fmt/format.h>

#include <netscan/check/check.hpp>

int main() {
  std::vector<netscan::check_request> requests = {
      *netscan::parse_check_target("127.0.0.1:80"),
      *netscan::parse_check_target("https://127.0.0.1/")};
  for (const netscan::check_record& r : netscan::check(requests)) {
    fmt::print("{}: {}\n", r.target, r.summary);
  }
}
