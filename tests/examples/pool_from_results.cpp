// From a file of results, as `netscan sweep -o pc.ndjson` writes it, to MetalLB's pool.
#include <fmt/format.h>

#include <netscan/remedy/candidates.hpp>
#include <netscan/remedy/metallb.hpp>
#include <netscan/report/reader.hpp>
#include <netscan/target/status.hpp>

int main(int argc, char** argv) {
  const std::string path = argc > 1 ? argv[1] : "pc.ndjson";
  auto file = netscan::read_results(path);
  if (!file.ok()) {
    fmt::print(stderr, "{}\n", netscan::message_of(file.status()));
    return 2;
  }
  const auto list = netscan::find_candidates(file->scans, {}, {});
  if (!list.ok()) return 2;
  const auto pool = netscan::metallb_pool(*list, {});
  if (!pool.ok()) {
    fmt::print("{}\n", netscan::message_of(pool.status()));  // says what is missing, and what to do
    return 1;
  }
  fmt::print("{}", *pool);
}
