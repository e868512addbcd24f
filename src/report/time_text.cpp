#include "time_text.hpp"

#include <charconv>
#include <cstddef>

namespace netscan::detail {
namespace {

using namespace std::chrono;

/// Writes `value` with leading zeros to `digits` places from `out` on.
void write_digits(char* out, std::size_t digits, unsigned value) noexcept {
  for (std::size_t i = digits; i-- > 0; value /= 10) out[i] = static_cast<char>('0' + value % 10);
}

/// Reads exactly `text` as a decimal number.
std::optional<unsigned> read_digits(std::string_view text) noexcept {
  unsigned value = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') return std::nullopt;
    value = 10 * value + static_cast<unsigned>(c - '0');
  }
  return value;
}

/// The milliseconds in `.123456`, cut off; nothing when it is not a fraction.
std::optional<unsigned> read_fraction(std::string_view text) noexcept {
  if (text.size() < 2 || text.front() != '.') return std::nullopt;
  text.remove_prefix(1);
  if (text.find_first_not_of("0123456789") != text.npos) return std::nullopt;
  std::optional<unsigned> value = read_digits(text.substr(0, 3));
  for (std::size_t i = text.size(); value && i < 3; ++i) *value *= 10;
  return value;
}

}  // namespace

std::string_view time_text::operator()(timestamp time) noexcept {
  const sys_seconds second = floor<seconds>(time);
  if (second_ != second) {
    const sys_days day = floor<days>(second);
    const year_month_day date(day);
    const hh_mm_ss clock(second - day);
    constexpr std::string_view pattern = "0000-00-00T00:00:00.000Z";
    pattern.copy(text_.data(), length);
    write_digits(&text_[0], 4, static_cast<unsigned>(static_cast<int>(date.year())));
    write_digits(&text_[5], 2, static_cast<unsigned>(date.month()));
    write_digits(&text_[8], 2, static_cast<unsigned>(date.day()));
    write_digits(&text_[11], 2, static_cast<unsigned>(clock.hours().count()));
    write_digits(&text_[14], 2, static_cast<unsigned>(clock.minutes().count()));
    write_digits(&text_[17], 2, static_cast<unsigned>(clock.seconds().count()));
    second_ = second;
  }
  write_digits(&text_[20], 3, static_cast<unsigned>((time - second).count()));
  return {text_.data(), text_.size()};
}

std::optional<timestamp> parse_time(std::string_view text) noexcept {
  if (text.size() < 20 || text[4] != '-' || text[7] != '-' || text[10] != 'T' || text[13] != ':' ||
      text[16] != ':' || text.back() != 'Z') {
    return std::nullopt;
  }
  const auto year_number = read_digits(text.substr(0, 4));
  const auto month_number = read_digits(text.substr(5, 2));
  const auto day_number = read_digits(text.substr(8, 2));
  const auto hour_number = read_digits(text.substr(11, 2));
  const auto minute_number = read_digits(text.substr(14, 2));
  const auto second_number = read_digits(text.substr(17, 2));
  const std::string_view rest = text.substr(19, text.size() - 20);
  const auto fraction = rest.empty() ? std::optional<unsigned>(0) : read_fraction(rest);
  if (!year_number || !month_number || !day_number || !hour_number || !minute_number ||
      !second_number || !fraction) {
    return std::nullopt;
  }
  const year_month_day date{year(static_cast<int>(*year_number)), month(*month_number),
                            day(*day_number)};
  if (!date.ok() || *hour_number > 23 || *minute_number > 59 || *second_number > 59) {
    return std::nullopt;
  }
  return timestamp(sys_days(date)) + hours(*hour_number) + minutes(*minute_number) +
         seconds(*second_number) + milliseconds(*fraction);
}

}  // namespace netscan::detail
