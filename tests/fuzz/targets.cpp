// Targets, as words: what is read once is read the same from its normal form.
#include <absl/strings/str_split.h>

#include <vector>

#include "fuzz.hpp"
#include "netscan/target/target_list.hpp"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace netscan;
  std::vector<std::string> words =
      absl::StrSplit(absl::string_view(reinterpret_cast<const char*>(data), size), '\n');
  std::erase_if(words, [](const std::string& word) { return word.starts_with('@'); });
  const absl::StatusOr<target_list> list = parse_targets(words);
  fuzz::require_clean(list.status());
  if (!list.ok()) return 0;
  const absl::StatusOr<target_list> again = parse_targets(list->expressions);
  fuzz::require(again.ok() && again->addresses == list->addresses && again->names == list->names,
                "the normal form reads the same");
  return 0;
}
