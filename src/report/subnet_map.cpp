#include "netscan/report/subnet_map.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

#include "wrapped_text.hpp"

namespace netscan {
namespace {

struct glyph {
  std::string_view unicode;
  std::string_view ascii;
  std::string_view colour;  // of ANSI's SGR
  std::string_view meaning;
};

// In the order of map_cell.
constexpr auto glyphs = std::to_array<glyph>({
    {"█", "#", "32", "open on all ports"},
    {"▄", "+", "32", "open on some ports"},
    {"○", "o", "36", "nobody there"},
    {"▒", "-", "33", "closed"},
    {"×", "x", "31", "rejected"},
    {"!", "!", "35", "not askable"},
    {"·", ".", "2", "silent"},
    {" ", " ", "0", "not asked"},
});

constexpr std::uint8_t bit(map_cell cell) {
  return static_cast<std::uint8_t>(1U << static_cast<unsigned>(cell));
}

map_cell cell_of(const probe_record& record) noexcept {
  switch (record.state()) {
    case probe_state::open:
      return map_cell::some_open;
    case probe_state::closed:
      return map_cell::closed;
    case probe_state::error:
      return map_cell::error;
    case probe_state::filtered:
      break;
  }
  if (record.reason == probe_reason::no_response) return map_cell::silent;
  const bool nobody =
      record.reason == probe_reason::host_unreach || record.reason == probe_reason::no_neighbor;
  return nobody ? map_cell::nobody : map_cell::rejected;
}

constexpr std::size_t group = 8;  // cells between two gaps

/// As many groups as fit, a power of two of them, so that rows begin at round addresses.
std::size_t cells_in_row(std::size_t width, std::size_t label_width) noexcept {
  for (const std::size_t groups : {4U, 2U}) {
    if (width >= label_width + groups * (group + 1) - 1) return groups * group;
  }
  return group;
}

std::string paint(map_cell cell, std::string_view text, const map_style& style) {
  const glyph& look = glyphs[static_cast<std::size_t>(cell)];
  if (!style.colour || cell == map_cell::not_asked) return std::string(text);
  return fmt::format("\033[{}m{}\033[0m", look.colour, text);
}

std::string symbol(map_cell cell, const map_style& style) {
  const glyph& look = glyphs[static_cast<std::size_t>(cell)];
  return paint(cell, style.unicode ? look.unicode : look.ascii, style);
}

}  // namespace

bool subnet_map::fits(const address_range& range) noexcept {
  return range.span() + 1 >= fewest_addresses && range.span() < most_addresses;
}

subnet_map::subnet_map(const address_range& range, std::uint32_t ports)
    : range_(range),
      ports_(ports),
      addresses_(static_cast<std::size_t>(absl::Uint128Low64(range.span())) + 1) {}

std::size_t subnet_map::index_of(const ip_address& address) const noexcept {
  return static_cast<std::size_t>(address.low() - range_.first.low());
}

void subnet_map::add(const probe_record& record) noexcept {
  if (!range_.contains(record.ip)) return;
  address_counts& counts = addresses_[index_of(record.ip)];
  ++counts.asked;
  if (record.state() == probe_state::open) ++counts.open;
  counts.seen |= bit(cell_of(record));
}

map_cell subnet_map::cell_at(std::size_t index) const noexcept {
  const address_counts& counts = addresses_[index];
  if (counts.asked == 0) return map_cell::not_asked;
  // More than all: a file merged from two scans may have a probe twice.
  if (counts.open != 0 && counts.open >= ports_) return map_cell::open;
  for (const map_cell cell : {map_cell::some_open, map_cell::nobody, map_cell::closed,
                              map_cell::rejected, map_cell::error}) {
    if ((counts.seen & bit(cell)) != 0) return cell;
  }
  return map_cell::silent;
}

map_cell subnet_map::cell(const ip_address& address) const noexcept {
  return range_.contains(address) ? cell_at(index_of(address)) : map_cell::not_asked;
}

std::string subnet_map::draw(const map_style& style) const {
  const std::size_t label_width = longest_label() + 2;
  const std::size_t row = cells_in_row(style.width, label_width);
  // Rows begin at round addresses, so that a cell's place tells its address.
  const std::size_t lead = static_cast<std::size_t>(range_.first.low() % row);

  std::string text;
  for (std::size_t start = 0; start < lead + addresses_.size(); start += row) {
    text += fmt::format("{:<{}}", to_string(row_address(lead, start)), label_width);
    for (std::size_t i = 0; i < row; ++i) {
      if (i != 0 && i % group == 0) text += ' ';
      const std::size_t place = start + i;
      const bool inside = place >= lead && place - lead < addresses_.size();
      text += symbol(inside ? cell_at(place - lead) : map_cell::not_asked, style);
    }
    text.erase(text.find_last_not_of(' ') + 1);
    text += '\n';
  }
  return text + legend(style);
}

/// The address of the cell at `start`, counted from the round address `lead` cells before the
/// first.
ip_address subnet_map::row_address(std::size_t lead, std::size_t start) const noexcept {
  if (start >= lead) return advance(range_.first, start - lead);
  const std::uint64_t low = range_.first.low() - (lead - start);  // round: does not borrow
  return range_.first.is_v4() ? ip_address::v4(static_cast<std::uint32_t>(low))
                              : ip_address::v6(range_.first.high(), low, range_.first.zone());
}

std::size_t subnet_map::longest_label() const {
  constexpr std::size_t shortest_row = group;
  const std::size_t lead = static_cast<std::size_t>(range_.first.low() % (4 * group));
  std::size_t longest = 0;
  for (std::size_t start = 0; start < lead + addresses_.size(); start += shortest_row) {
    longest = std::max(longest, to_string(row_address(lead, start)).size());
  }
  return longest;
}

std::string subnet_map::legend(const map_style& style) const {
  std::array<std::size_t, glyphs.size()> totals{};
  for (std::size_t i = 0; i < addresses_.size(); ++i) {
    ++totals[static_cast<std::size_t>(cell_at(i))];
  }
  detail::wrapped_text lines(style.width, "", "   ");
  for (std::size_t i = 0; i < glyphs.size(); ++i) {
    if (totals[i] == 0) continue;
    const auto cell = static_cast<map_cell>(i);
    const std::string what = fmt::format("{} {}", totals[i], glyphs[i].meaning);
    if (cell == map_cell::not_asked) {
      lines.add(what);
    } else {
      lines.add(symbol(cell, style) + ' ' + what, 2 + what.size());
    }
  }
  return lines.text();
}

}  // namespace netscan
