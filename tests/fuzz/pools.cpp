// Pool files of MetalLB, in any of their formats.
#include "fuzz.hpp"
#include "netscan/remedy/metallb_file.hpp"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace netscan;
  const absl::StatusOr<existing_pools> pools = read_pools(fuzz::text_of(data, size));
  fuzz::require_clean(pools.status());
  if (!pools.ok()) return 0;
  for (const existing_pool& pool : pools->pools) {
    fuzz::require(!pool.name.empty() && !pool.addresses.empty(), "MetalLB would take the pool");
  }
  return 0;
}
