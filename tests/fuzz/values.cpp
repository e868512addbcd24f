// Values files of GitLab's chart: an edit that is made is there, and is not needed again.
#include "fuzz.hpp"
#include "netscan/remedy/gitlab_values.hpp"
#include "netscan/remedy/values_edit.hpp"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace netscan;
  constexpr std::string_view address = "10.0.0.232";
  const std::string_view text = fuzz::text_of(data, size);
  fuzz::require_clean(read_gitlab_values(text).status());
  const absl::StatusOr<edited_value> edited = edit_value(text, gitlab_external_ip, address);
  fuzz::require_clean(edited.status());
  if (!edited.ok()) return 0;
  const absl::StatusOr<edited_value> again = edit_value(edited->text, gitlab_external_ip, address);
  fuzz::require(again.ok() && again->change == value_change::none && again->text == edited->text,
                "an edit is not needed twice");
  return 0;
}
