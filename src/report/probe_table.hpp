#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "duration_text.hpp"
#include "error_name.hpp"
#include "netscan/probe/record.hpp"
#include "painted_state.hpp"
#include "utf8.hpp"

namespace netscan::detail {

/// Probes as a table for people: aligned, by address and port, a line each.
class probe_table {
 public:
  void add(const probe_record& record) { records_.push_back(record); }
  bool empty() const noexcept { return records_.empty(); }

  /// Hands the lines to `line`, one after the other: of many probes there is never the whole text.
  template <typename Line>
  void draw(std::size_t width, bool colour, Line line) {
    std::sort(records_.begin(), records_.end(), [](const probe_record& a, const probe_record& b) {
      return std::pair(a.ip, a.port) < std::pair(b.ip, b.port);
    });
    const layout shape = lay_out(width);
    line(format(heading, shape, false, probe_state::open));
    for (const probe_record& record : records_) {
      line(format(cells_of(record), shape, colour, record.state()));
    }
  }

 private:
  enum column : std::size_t { address, port, state, reason, from, rtt, columns };
  using cells = std::array<std::string, columns>;

  struct layout {
    std::array<std::size_t, columns> widths{};  // 0: left out
    std::size_t gap = 2;

    std::size_t width() const {
      std::size_t sum = 0;
      for (const std::size_t width : widths) sum += width == 0 ? 0 : width + (sum == 0 ? 0 : gap);
      return sum;
    }
  };

  static inline const cells heading = {"ADDRESS", "PORT", "STATE", "REASON", "FROM", "RTT"};

  static cells cells_of(const probe_record& r) {
    std::string why(to_string(r.reason));
    if (r.reason == probe_reason::local_error)
      why += fmt::format(" ({})", error_text(r.local_errno));
    return {to_string(r.ip),
            std::to_string(r.port),
            std::string(to_string(r.state())),
            std::move(why),
            r.icmp ? to_string(r.icmp->from) : "",
            r.rtt_us ? duration_text(*r.rtt_us) : ""};
  }

  /// A column with nothing in it is left out. Where the rest is too wide, the gaps shrink, and then
  /// STATE goes, which REASON implies; what is still too wide stays, since evidence is not cut.
  layout lay_out(std::size_t width) const {
    layout shape;
    for (const probe_record& record : records_) {
      const cells row = cells_of(record);
      for (std::size_t i = 0; i < columns; ++i) {
        shape.widths[i] = std::max(shape.widths[i], row[i].size());
      }
    }
    for (std::size_t i = 0; i < columns; ++i) {
      if (shape.widths[i] != 0) shape.widths[i] = std::max(shape.widths[i], heading[i].size());
    }
    if (shape.width() > width) shape.gap = 1;
    if (shape.width() > width) shape.widths[state] = 0;
    return shape;
  }

  static std::string format(const cells& row, const layout& shape, bool colour, probe_state what) {
    std::string text;
    for (std::size_t i = 0; i < columns; ++i) {
      if (shape.widths[i] == 0) continue;
      if (i != 0) text.append(shape.gap, ' ');
      const std::string padding(shape.widths[i] - row[i].size(), ' ');
      if (i == port || i == rtt) text += padding;
      text += colour && i == state ? painted_state(row[i], what) : row[i];
      if (i != port && i != rtt) text += padding;
    }
    text.erase(text.find_last_not_of(' ') + 1);
    return text + '\n';
  }

  std::vector<probe_record> records_;
};

}  // namespace netscan::detail
