#include <fmt/format.h>

#include <algorithm>

#include "duration_text.hpp"
#include "filtered_reasons.hpp"
#include "netscan/report/subnet_map.hpp"
#include "netscan/report/tarpit.hpp"
#include "netscan/target/port_set.hpp"
#include "netscan/target/printable.hpp"
#include "output.hpp"
#include "probe_table.hpp"
#include "wrapped_text.hpp"
#include "writers.hpp"

namespace netscan::detail {
namespace {

using boost::system::error_code;

constexpr std::size_t most_maps = 4;
constexpr std::size_t most_tarpits_named = 4;
constexpr std::size_t most_targets_named = 4;
constexpr std::size_t longest_ports_text = 32;
constexpr std::size_t chunk = 64U << 10;

/// The range that a target of the header stands for, if it is not a name.
std::optional<address_range> range_of(const std::string& target) {
  if (auto block = parse_cidr(target); block.ok()) return *block;
  if (auto range = parse_address_range(target); range.ok()) return *range;
  return std::nullopt;
}

/// The first few of a list, and how many more there are.
std::string some_of(const std::vector<std::string>& texts) {
  std::string list;
  for (std::size_t i = 0; i < std::min(texts.size(), most_targets_named); ++i) {
    if (i != 0) list += ' ';
    list += printable(texts[i]);
  }
  if (texts.size() <= most_targets_named) return list;
  return list + fmt::format(" and {} more", texts.size() - most_targets_named);
}

std::string counted(std::uint64_t count, std::string_view one, std::string_view many) {
  return fmt::format("{} {}", count, count == 1 ? one : many);
}

/// For people: heading, maps, a table of what is to be shown, and the sums. Written at the end, and
/// of the probes keeps only those it shows.
class text_writer final : public result_writer {
 public:
  text_writer(int fd, const writer_options& options) : output_(fd), options_(options) {}

  error_code begin(const scan_header& header) override {
    header_ = header;
    if (const auto ports = parse_ports(header.ports); ports.ok()) port_count_ = ports->size();
    for (const std::string& target : header.targets) {
      const std::optional<address_range> range = range_of(target);
      if (!range || !subnet_map::fits(*range)) continue;
      if (maps_.size() < most_maps) {
        maps_.emplace_back(*range, port_count_);
      } else {
        ++blocks_without_map_;
      }
    }
    return {};
  }

  error_code add(std::span<const probe_record> records) override {
    tarpits_.add(records);
    for (const probe_record& record : records) {
      for (subnet_map& map : maps_) map.add(record);
      if (record.state() == probe_state::filtered) filtered_.add(record);
      if (is_shown(record)) table_.add(record);
    }
    return {};
  }

  error_code end(const scan_summary& summary) override {
    put(heading(summary) + '\n');
    for (const subnet_map& map : maps_) {
      put(map.draw({options_.colour, options_.unicode, options_.width}) + '\n');
    }
    if (blocks_without_map_ != 0) {
      put(counted(blocks_without_map_, "more block has", "more blocks have") + " no map here.\n\n");
    }
    put_table(summary);
    put(sums(summary));
    return flush();
  }

 private:
  bool is_shown(const probe_record& record) const {
    switch (options_.show) {
      case show::open:
        return record.state() == probe_state::open;
      case show::responded:
        return record.reason != probe_reason::no_response && record.state() != probe_state::error;
      case show::all:
        break;
    }
    return true;
  }

  /// The table may be long: what there is of the text is written now and then.
  void put(std::string_view text) {
    text_ += text;
    if (text_.size() >= chunk) flush();
  }
  error_code flush() {
    const error_code error = output_.write(text_);
    text_.clear();
    return error;
  }

  std::string heading(const scan_summary& summary) const {
    std::string text;
    if (header_.is_foreign()) {
      text =
          fmt::format("Results of {} from {}", printable(made_by(header_.scanner, header_.version)),
                      printable(header_.vantage));
      if (!header_.ports.empty()) text += fmt::format(": {}", ports_text());
    } else {
      text = some_of(header_.targets);
      if (!header_.exclude.empty()) text += fmt::format(" without {}", some_of(header_.exclude));
      text += fmt::format(" from {}: {}, {}", printable(header_.vantage),
                          counted(header_.addresses, "address", "addresses"), ports_text());
    }
    // Other tools write times in seconds: what took less has none.
    if (!header_.is_foreign() || summary.duration_ms != 0) {
      text += fmt::format(", in {}", duration_text(1000 * summary.duration_ms));
    }
    return wrap_words(text, options_.width);
  }

  std::string ports_text() const {
    if (header_.ports.size() > longest_ports_text && port_count_ != 0) {
      return counted(port_count_, "port", "ports");
    }
    return fmt::format("port{} {}", port_count_ == 1 ? "" : "s", printable(header_.ports));
  }

  void put_table(const scan_summary& summary) {
    if (summary.open == 0) put("No open port.\n\n");
    if (table_.empty()) {
      if (options_.show == show::responded) put("No answer from any port.\n\n");
      return;
    }
    table_.draw(options_.width, options_.colour, [this](std::string_view line) { put(line); });
    put("\n");
  }

  std::string sums(const scan_summary& s) const {
    std::string counts =
        fmt::format("{} open, {} closed, {} filtered", s.open, s.closed, s.filtered);
    if (s.error != 0) counts += fmt::format(", {} error", s.error);
    if (s.skipped != 0) counts += fmt::format(", {} skipped", s.skipped);
    // Others do not say how often they asked.
    if (!header_.is_foreign()) counts += fmt::format("; {}", counted(s.syns, "SYN", "SYNs"));
    std::string text = say(counts);
    for (const std::string& reason : filtered_.texts()) text += fmt::format("  {}\n", reason);
    if (s.skipped != 0) text += say("Skipped: broadcast addresses of this host's own networks.");
    if (s.loss_estimate > 0) {
      text += say(fmt::format("Packets were lost: {:.1f} % of the answers came to a repeated SYN.",
                              100 * s.loss_estimate));
    }
    if (!s.complete && header_.is_foreign()) {
      text += say("What was to be asked is not known, and so not whether anything is missing.");
    } else if (!s.complete) {
      text += say(
          fmt::format("Not complete: {} of {} probes have no result.", s.not_started, s.planned));
    }
    // What was cut off has its answers, but not yet its silence.
    if (s.complete) text += tarpits();
    return text + hint(s);
  }

  std::string tarpits() const {
    const std::vector<tarpit> found = tarpits_.found();
    std::string text;
    for (std::size_t i = 0; i < std::min(found.size(), most_tarpits_named); ++i) {
      text += say(to_string(found[i]) + '.');
    }
    if (found.size() > most_tarpits_named) {
      text += say(fmt::format("{} more look like one.", found.size() - most_tarpits_named));
    }
    return text;
  }

  /// How to see what the table leaves out.
  std::string hint(const scan_summary& s) const {
    if (options_.show == show::open && s.ended() != s.open) {
      return say("--show responded lists every answer, --show all every probe.");
    }
    const bool has_more = filtered_.silent() + s.error != 0;
    if (options_.show == show::responded && has_more) return say("--show all lists every probe.");
    return "";
  }

  std::string say(std::string_view sentence) const { return wrap_words(sentence, options_.width); }

  output output_;
  writer_options options_;
  scan_header header_;
  std::uint32_t port_count_ = 0;
  std::vector<subnet_map> maps_;
  std::size_t blocks_without_map_ = 0;
  probe_table table_;
  filtered_reasons filtered_;
  tarpit_watch tarpits_;
  std::string text_;  // not yet written
};

}  // namespace

std::unique_ptr<result_writer> make_text_writer(int fd, const writer_options& options) {
  return std::make_unique<text_writer>(fd, options);
}

}  // namespace netscan::detail
