// What a user writes for `netscan check`: endpoints, addresses for names, statuses.
#include "fuzz.hpp"
#include "netscan/check/check_request.hpp"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace netscan;
  const std::string_view text = fuzz::text_of(data, size);
  fuzz::require_clean(parse_resolve_override(text).status());
  fuzz::require_clean(parse_status_ranges(text).status());
  const absl::StatusOr<check_request> request = parse_check_target(text);
  fuzz::require_clean(request.status());
  if (!request.ok()) return 0;
  const absl::StatusOr<check_request> again = parse_check_target(target_text(*request));
  fuzz::require(again.ok() && target_text(*again) == target_text(*request),
                "the normal form reads the same");
  return 0;
}
