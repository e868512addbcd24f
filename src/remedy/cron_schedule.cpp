#include "cron_schedule.hpp"

#include <absl/strings/ascii.h>
#include <absl/strings/str_split.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <iterator>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace netscan::detail {
namespace {

struct cron_field {
  unsigned first = 0;
  unsigned last = 0;
  std::span<const std::string_view> names = {};  // of the numbers from `first` on
};

constexpr std::string_view months[] = {"jan", "feb", "mar", "apr", "may", "jun",
                                       "jul", "aug", "sep", "oct", "nov", "dec"};
constexpr std::string_view weekdays[] = {"sun", "mon", "tue", "wed", "thu", "fri", "sat"};
constexpr std::array<cron_field, 5> cron_fields = {
    {{0, 59}, {0, 23}, {1, 31}, {1, 12, months}, {0, 6, weekdays}}};

constexpr std::string_view cron_words[] = {"@yearly", "@annually", "@monthly", "@weekly",
                                           "@daily",  "@midnight", "@hourly"};

std::optional<unsigned> number_in(std::string_view text) {
  unsigned number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

std::optional<unsigned> place_in(const cron_field& field, std::string_view text) {
  const auto name = std::find(field.names.begin(), field.names.end(),
                              absl::AsciiStrToLower({text.data(), text.size()}));
  if (name != field.names.end()) {
    return field.first + static_cast<unsigned>(name - field.names.begin());
  }
  const std::optional<unsigned> number = number_in(text);
  return number && *number >= field.first && *number <= field.last ? number : std::nullopt;
}

/// `*`, `5`, `mon-fri`, each with a step behind it: `*/15`.
bool is_part(const cron_field& field, std::string_view text) {
  const std::size_t slash = text.find('/');
  if (slash != text.npos && number_in(text.substr(slash + 1)).value_or(0) == 0) return false;
  const std::string_view range = text.substr(0, slash);
  if (range == "*" || range == "?") return true;
  const std::size_t dash = range.find('-');
  const std::optional<unsigned> first = place_in(field, range.substr(0, dash));
  if (dash == range.npos) return first.has_value();
  const std::optional<unsigned> last = place_in(field, range.substr(dash + 1));
  return first && last && *first <= *last;
}

bool is_list(const cron_field& field, std::string_view text) {
  const std::vector<std::string> parts = absl::StrSplit(std::string(text), ',');
  return std::all_of(parts.begin(), parts.end(),
                     [&](const std::string& part) { return is_part(field, part); });
}

/// `1h30m`, of hours, minutes and seconds; a second at least.
bool is_interval(std::string_view text) {
  bool is_some = false;
  for (std::string_view units = "hms"; !text.empty();) {
    const std::size_t digits = text.find_first_not_of("0123456789");
    if (digits == 0 || digits == text.npos || digits > 6) return false;
    const std::size_t unit = units.find(text[digits]);
    if (unit == units.npos) return false;
    is_some |= number_in(text.substr(0, digits)).value_or(0) != 0;
    units.remove_prefix(unit + 1);
    text.remove_prefix(digits + 1);
  }
  return is_some;
}

}  // namespace

bool is_cron_schedule(std::string_view text) {
  constexpr std::string_view every = "@every ";
  if (text.starts_with(every)) return is_interval(text.substr(every.size()));
  if (text.starts_with('@')) {
    return std::find(std::begin(cron_words), std::end(cron_words), text) != std::end(cron_words);
  }
  const std::vector<std::string> fields = absl::StrSplit(std::string(text), ' ', absl::SkipEmpty());
  if (fields.size() != cron_fields.size()) return false;
  return std::equal(
      fields.begin(), fields.end(), cron_fields.begin(),
      [](const std::string& field, const cron_field& rule) { return is_list(rule, field); });
}

}  // namespace netscan::detail
