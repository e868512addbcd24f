// plan.json of a remedy's folder, as `netscan verify` reads it.
#include "netscan/remedy/remedy_plan.hpp"

#include "fuzz.hpp"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  netscan::fuzz::require_clean(
      netscan::parse_remedy_plan(netscan::fuzz::text_of(data, size), "plan.json").status());
  return 0;
}
