#pragma once

#include <span>
#include <string>
#include <string_view>

#include "view.hpp"

namespace netscan::detail {

/// What is concluded; empty when what was seen says it all.
struct conclusion {
  std::string text;
  bool inferred = false;
};

/// One diagnosis: when it is the right one, and what it concludes.
struct rule {
  diagnosis_kind kind;
  std::string_view word;
  bool (*applies)(const view&);
  conclusion (*conclude)(const view&);
};

/// All rules, in the order in which they are tried: the first that applies is the diagnosis. The
/// last one always does. In the order of diagnosis_kind too.
std::span<const rule> diagnosis_rules() noexcept;

}  // namespace netscan::detail
