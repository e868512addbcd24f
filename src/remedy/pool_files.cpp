#include "pool_files.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <string_view>

#include "netscan/remedy/metallb_file.hpp"
#include "netscan/target/status.hpp"

namespace netscan::detail {
namespace {

bool is_within(const address_range& range, const address_set& set) {
  return (address_set::of({range}) - set).empty();
}

bool overlaps(const address_range& range, const address_set& set) {
  return !set.empty() && (address_set::of({range}) - set) != address_set::of({range});
}

/// The line with this number, without its end; the end of the text when there is none.
std::string_view line_at(std::string_view text, std::size_t number) {
  for (; number > 1; --number) {
    const std::size_t end = text.find('\n');
    if (end == text.npos) return {};
    text.remove_prefix(end + 1);
  }
  return text.substr(0, text.find('\n'));
}

/// `- 10.0.0.216/32`, with quotes or not, and nothing else on the line but a comment.
bool is_entry_line(std::string_view line, std::string_view entry) {
  const auto skip_spaces = [&line] {
    line.remove_prefix(std::min(line.find_first_not_of(" \t\r"), line.size()));
  };
  skip_spaces();
  if (!line.starts_with("- ")) return false;
  line.remove_prefix(1);
  skip_spaces();
  const bool is_quoted = line.starts_with('"') || line.starts_with('\'');
  const char quote = is_quoted ? line.front() : ' ';
  if (is_quoted) line.remove_prefix(1);
  if (!line.starts_with(entry)) return false;
  line.remove_prefix(entry.size());
  if (is_quoted) {
    if (!line.starts_with(quote)) return false;
    line.remove_prefix(1);
  }
  skip_spaces();
  return line.empty() || line.starts_with('#');
}

std::string without_line(std::string_view text, std::string_view line) {
  const auto begin = static_cast<std::size_t>(line.data() - text.data());
  const std::size_t end = std::min(begin + line.size() + 1, text.size());
  return std::string(text.substr(0, begin)).append(text.substr(end));
}

/// What the pools are, apart from where they stand.
std::vector<std::vector<std::string>> shape_of(const existing_pools& file) {
  std::vector<std::vector<std::string>> shape;
  for (const existing_pool& pool : file.pools) {
    shape.push_back({pool.name});
    for (const existing_entry& entry : pool.addresses) shape.back().push_back(entry.text);
  }
  return shape;
}

/// Takes entries with nothing but old addresses out of the file, each a line of its own.
class old_entry_removal {
 public:
  old_entry_removal(std::string text, const std::vector<ip_address>& old,
                    std::vector<std::string>& notices)
      : text_(std::move(text)), notices_(notices) {
    std::vector<address_range> ranges;
    ranges.reserve(old.size());
    for (const ip_address& address : old) ranges.push_back({address, address});
    old_ = address_set::of(std::move(ranges));
  }

  /// Nothing when there is none to take out, or one that cannot be: that is a notice.
  std::optional<std::string> operator()() {
    absl::StatusOr<existing_pools> file = read_pools(text_);
    if (!file.ok()) return std::nullopt;
    existing_pools wanted = *file;
    // From the end, so that the lines before stay where they are.
    for (auto pool = wanted.pools.rbegin(); pool != wanted.pools.rend(); ++pool) {
      if (!take_from(*pool)) return std::nullopt;
    }
    if (!has_taken_) return std::nullopt;
    absl::StatusOr<existing_pools> result = read_pools(text_);
    if (!result.ok() || shape_of(*result) != shape_of(wanted)) return std::nullopt;
    return text_;
  }

 private:
  bool take_from(existing_pool& pool) {
    for (std::size_t i = pool.addresses.size(); i-- > 0;) {
      const existing_entry entry = pool.addresses[i];
      if (!overlaps(entry.range, old_)) continue;
      const std::string_view line = line_at(text_, entry.line);
      if (!is_within(entry.range, old_)) {
        return by_hand(pool, entry, "it has other addresses too");
      }
      if (pool.addresses.size() == 1) return by_hand(pool, entry, "it is all that the pool has");
      if (!is_entry_line(line, entry.text)) return by_hand(pool, entry, "it shares its line");
      text_ = without_line(text_, line);
      pool.addresses.erase(pool.addresses.begin() + static_cast<std::ptrdiff_t>(i));
      has_taken_ = true;
    }
    return true;
  }

  bool by_hand(const existing_pool& pool, const existing_entry& entry, std::string_view why) {
    notices_.push_back(fmt::format(
        "{} of pool {} (line {} of metallb.yaml) is to be taken away by hand at the end: {}",
        entry.text, pool.name, entry.line, why));
    return false;
  }

  std::string text_;
  address_set old_;
  std::vector<std::string>& notices_;
  bool has_taken_ = false;
};

}  // namespace

absl::StatusOr<std::vector<bundle_file>> pool_files(const candidate_list& list,
                                                    const remedy_facts& facts,
                                                    const remedy_options& options,
                                                    std::vector<std::string>& notices) {
  if (!options.metallb_config) {
    absl::StatusOr<std::string> pool = metallb_pool(list, options.pool);
    if (!pool.ok()) return pool.status();
    return std::vector<bundle_file>{{"metallb.yaml", *std::move(pool)}};
  }
  const given_file& current = *options.metallb_config;
  absl::StatusOr<std::string> merged = merge_pool(current.text, list, options.pool);
  if (!merged.ok()) {
    return absl::Status(merged.status().code(), fmt::format("{}: {}", printable(current.name),
                                                            message_of(merged.status())));
  }
  // BGP peers have passwords.
  std::vector<bundle_file> files = {{.name = "metallb.yaml", .text = *merged, .is_private = true}};
  if (auto final_text = old_entry_removal(*merged, facts.old_vips, notices)()) {
    files.push_back(
        {.name = "metallb-final.yaml", .text = *std::move(final_text), .is_private = true});
  }
  return files;
}

}  // namespace netscan::detail
