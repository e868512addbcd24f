#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>

#include "error_name.hpp"
#include "netscan/report/subnet_map.hpp"
#include "netscan/target/port_set.hpp"
#include "netscan/target/printable.hpp"
#include "output.hpp"
#include "writers.hpp"

namespace netscan::detail {
namespace {

using boost::system::error_code;

constexpr std::size_t most_maps = 4;
constexpr std::size_t most_targets_named = 4;
// Who said no is counted for so many senders; the rest are counted together.
constexpr std::size_t most_senders = 16;

bool responded(const probe_record& record) {
  return record.reason != probe_reason::no_response && record.state() != probe_state::error;
}

std::string duration_text(double microseconds) {
  if (microseconds < 1000) return fmt::format("{:.0f} us", microseconds);
  if (microseconds < 1e6) return fmt::format("{:.1f} ms", microseconds / 1e3);
  return fmt::format("{:.2f} s", microseconds / 1e6);
}

/// The range that a target of the header stands for, if it is not a name.
std::optional<address_range> range_of(const std::string& target) {
  if (auto block = parse_cidr(target); block.ok()) return *block;
  if (auto range = parse_address_range(target); range.ok()) return *range;
  return std::nullopt;
}

struct table_row {
  std::array<std::string, 6> cells;
};

/// For people: heading, maps, a table of what is to be shown, and the sums. Written at the end, and
/// of the probes keeps only those it shows.
class text_writer final : public result_writer {
 public:
  text_writer(int fd, const writer_options& options) : fd_(fd), options_(options) {}

  error_code begin(const scan_header& header) override {
    header_ = header;
    const auto ports = parse_ports(header.ports);
    for (const std::string& target : header.targets) {
      const std::optional<address_range> range = range_of(target);
      if (range && subnet_map::fits(*range) && maps_.size() < most_maps) {
        maps_.emplace_back(*range, ports.ok() ? ports->size() : 0);
      }
    }
    return {};
  }

  error_code add(std::span<const probe_record> records) override {
    for (const probe_record& record : records) {
      for (subnet_map& map : maps_) map.add(record);
      if (record.state() == probe_state::filtered) count_reason(record);
      if (is_shown(record)) shown_.push_back(record);
    }
    return {};
  }

  error_code end(const scan_summary& summary) override {
    std::string text = heading(summary) + '\n';
    for (const subnet_map& map : maps_) {
      text += map.draw({options_.colour, options_.unicode, options_.width}) + '\n';
    }
    text += table() + '\n';
    text += sums(summary);
    return write_all(fd_, text);
  }

 private:
  using reason_and_sender = std::pair<probe_reason, std::optional<ip_address>>;

  bool is_shown(const probe_record& record) const {
    switch (options_.show) {
      case show::open:
        return record.state() == probe_state::open;
      case show::responded:
        return responded(record);
      case show::all:
        break;
    }
    return true;
  }

  void count_reason(const probe_record& record) {
    reason_and_sender key{record.reason, std::nullopt};
    if (record.icmp) key.second = record.icmp->from;
    if (filtered_.size() >= most_senders && !filtered_.contains(key)) key.second.reset();
    ++filtered_[key];
  }

  std::string heading(const scan_summary& summary) const {
    const std::size_t named = std::min(header_.targets.size(), most_targets_named);
    std::string targets = fmt::format(
        "{}", fmt::join(header_.targets.begin(),
                        header_.targets.begin() + static_cast<std::ptrdiff_t>(named), " "));
    if (named < header_.targets.size()) {
      targets += fmt::format(" and {} more", header_.targets.size() - named);
    }
    return fmt::format(
        "{} from {}: {} address{}, port{} {}, in {}\n", printable(targets),
        printable(header_.vantage), header_.addresses, header_.addresses == 1 ? "" : "es",
        header_.ports.find_first_of(",-") == std::string::npos ? "" : "s", header_.ports,
        duration_text(static_cast<double>(summary.duration_ms) * 1e3));
  }

  std::string table() {
    if (shown_.empty()) {
      return options_.show == show::open ? "No open port.\n" : "No answer from any port.\n";
    }
    std::sort(shown_.begin(), shown_.end(), [](const probe_record& a, const probe_record& b) {
      return std::pair(a.ip, a.port) < std::pair(b.ip, b.port);
    });
    std::vector<table_row> rows{{{"ADDRESS", "PORT", "STATE", "REASON", "FROM", "RTT"}}};
    for (const probe_record& record : shown_) rows.push_back(row_of(record));
    return align(rows);
  }

  static table_row row_of(const probe_record& r) {
    std::string reason(to_string(r.reason));
    if (const auto name = error_name(r.local_errno); name && r.local_errno != 0) {
      reason += fmt::format(" ({})", *name);
    }
    return {{to_string(r.ip), std::to_string(r.port), std::string(to_string(r.state())),
             std::move(reason), r.icmp ? to_string(r.icmp->from) : "",
             r.rtt_us ? duration_text(*r.rtt_us) : ""}};
  }

  static std::string align(const std::vector<table_row>& rows) {
    std::array<std::size_t, 6> widths{};
    for (const table_row& row : rows) {
      for (std::size_t i = 0; i < widths.size(); ++i) {
        widths[i] = std::max(widths[i], row.cells[i].size());
      }
    }
    // A column of which only the heading is there is left out.
    const bool has_sender = std::any_of(rows.begin() + 1, rows.end(),
                                        [](const table_row& row) { return !row.cells[4].empty(); });
    std::string text;
    for (const table_row& row : rows) {
      for (std::size_t i = 0; i < widths.size(); ++i) {
        if (i == 4 && !has_sender) continue;
        const bool is_number = i == 1 || i == 5;
        text += is_number ? fmt::format("{:>{}}  ", row.cells[i], widths[i])
                          : fmt::format("{:<{}}  ", row.cells[i], widths[i]);
      }
      text.erase(text.find_last_not_of(' ') + 1);
      text += '\n';
    }
    return text;
  }

  std::string sums(const scan_summary& s) const {
    std::string text = fmt::format("{} open, {} closed, {} filtered", s.open, s.closed, s.filtered);
    if (s.error != 0) text += fmt::format(", {} error", s.error);
    if (s.skipped != 0) text += fmt::format(", {} skipped", s.skipped);
    text += fmt::format("; {} SYN{}\n", s.syns, s.syns == 1 ? "" : "s");
    for (const auto& [key, count] : filtered_) {
      text += fmt::format("  {} {}", count, to_string(key.first));
      if (key.second) text += fmt::format(" from {}", *key.second);
      text += '\n';
    }
    if (s.skipped != 0) {
      text += "Skipped: broadcast addresses of this host's own networks.\n";
    }
    if (s.loss_estimate > 0) {
      text += fmt::format("Packets were lost: {:.1f} % of the answers came to a repeated SYN.\n",
                          100 * s.loss_estimate);
    }
    if (!s.complete) {
      text +=
          fmt::format("Not complete: {} of {} probes have no result.\n", s.not_started, s.planned);
    }
    if (options_.show == show::open && s.ended() != s.open) {
      text += "--show responded lists every answer, --show all every probe.\n";
    }
    return text;
  }

  int fd_;
  writer_options options_;
  scan_header header_;
  std::vector<subnet_map> maps_;
  std::vector<probe_record> shown_;
  std::map<reason_and_sender, std::uint64_t> filtered_;
};

}  // namespace

std::unique_ptr<result_writer> make_text_writer(int fd, const writer_options& options) {
  return std::make_unique<text_writer>(fd, options);
}

}  // namespace netscan::detail
