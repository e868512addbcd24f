#include "netscan/diagnose/comparison_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "netscan/diagnose/reachability_output.hpp"
#include "netscan/target/printable.hpp"
#include "report/painted_state.hpp"
#include "report/wrapped_text.hpp"
#include "view.hpp"

namespace netscan {
namespace {

constexpr std::size_t most_lines = 4;
constexpr std::size_t gap = 2;
constexpr std::string_view not_asked = "-";
constexpr std::string_view heading = "ENDPOINT";

probe_state colour_of(sight what) {
  switch (what) {
    case sight::answers:
      return probe_state::open;
    case sight::closed:
      return probe_state::closed;
    case sight::could_not_ask:
      return probe_state::error;
    default:
      return probe_state::filtered;
  }
}

std::string word_of(const observation* seen) {
  return seen ? printable(seen->word) : std::string(not_asked);
}

std::string painted(const observation* seen, bool colour) {
  const std::string word = word_of(seen);
  return colour && seen ? detail::painted_state(word, colour_of(seen->what)) : word;
}

std::string counted(std::uint64_t count, std::string_view noun) {
  return fmt::format("{} {}{}", count, noun, count == 1 ? "" : "s");
}

/// The group's endpoints, in a few lines.
std::vector<std::string> endpoint_lines(const comparison_group& group) {
  std::vector<std::string> lines;
  const std::size_t total = group.targets.size() + group.blocks.size();
  const std::size_t shown = total > most_lines ? most_lines - 1 : total;
  std::uint64_t left = group.endpoints;
  for (std::size_t i = 0; i < std::min(shown, group.targets.size()); ++i) {
    lines.push_back(printable(group.targets[i]));
    --left;
  }
  for (std::size_t i = 0; i < std::min(shown, group.blocks.size()); ++i) {
    const endpoint_block& block = group.blocks[i];
    lines.push_back(to_string(block));
    left -= (absl::Uint128Low64(block.addresses.span()) + 1) * block.ports.size();
  }
  if (shown < total) lines.push_back(fmt::format("and {} more", left));
  return lines;
}

/// The sentence, below the endpoints that it is about.
std::string indented(std::string_view sentence, std::size_t width) {
  constexpr std::string_view indent = "    ";
  detail::wrapped_text lines(width - indent.size(), "", " ");
  lines.add_words(sentence);
  std::string text(indent);
  for (const char c : lines.text()) {
    text += c;
    if (c == '\n') text += indent;
  }
  text.resize(text.size() - indent.size());
  return text;
}

class comparison_writer {
 public:
  comparison_writer(const comparison& comparison, const comparison_text_options& options)
      : comparison_(comparison), options_(options), shown_(choose()), widths_(measure()) {}

  std::string write() && {
    text_ = detail::wrap_words(summary(), options_.width);
    put_groups();
    put_rest();
    put_hint();
    if (comparison_.matrix) text_ += '\n' + reachability_text(*comparison_.matrix, options_);
    return std::move(text_);
  }

 private:
  std::vector<const comparison_group*> choose() const {
    const auto is_different = [](const comparison_group& group) {
      return group.differ || group.names_differ;
    };
    const auto& groups = comparison_.groups;
    const bool all = options_.all || std::none_of(groups.begin(), groups.end(), is_different);
    std::vector<const comparison_group*> shown;
    for (const comparison_group& group : groups) {
      if (all || is_different(group)) shown.push_back(&group);
    }
    return shown;
  }

  /// The columns: the endpoint's, and one for each vantage.
  std::vector<std::size_t> measure() const {
    std::vector<std::size_t> widths = {heading.size()};
    for (const std::string& vantage : comparison_.vantages) {
      widths.push_back(detail::columns_of(printable(vantage)));
    }
    for (const comparison_group* const group : shown_) {
      for (const std::string& line : endpoint_lines(*group)) {
        widths[0] = std::max(widths[0], detail::columns_of(line));
      }
      for (std::size_t i = 0; i < group->seen.size(); ++i) {
        widths[i + 1] = std::max(widths[i + 1], word_of(group->seen.common(i)).size());
      }
    }
    return widths;
  }

  bool fits() const {
    std::size_t sum = 0;
    for (const std::size_t width : widths_) sum += width + gap;
    return sum - gap <= options_.width;
  }

  std::string summary() const {
    const std::string vantages = detail::listed(comparison_.vantages);
    std::string text =
        fmt::format("{}: {} compared, ", vantages, counted(comparison_.compared, "endpoint"));
    const std::uint64_t n = comparison_.differing;
    if (!comparison_.is_known()) {
      text += "nothing is known of any";
    } else if (n != 0) {
      text += fmt::format("{} differ{}", n, n == 1 ? "s" : "");
    } else {
      text += "all agree";
    }
    if (comparison_.is_known() && comparison_.unknown != 0) {
      text += fmt::format(", {} {} not known", comparison_.unknown,
                          comparison_.unknown == 1 ? "is" : "are");
    }
    if (comparison_.asked_from_one != 0) {
      text += fmt::format("; {} asked from one vantage only", comparison_.asked_from_one);
    }
    return text;
  }

  void put_groups() {
    const bool as_table = fits();
    bool is_agreement = false;
    for (std::size_t i = 0; i < shown_.size(); ++i) {
      const comparison_group& group = *shown_[i];
      const bool agrees = !group.differ && !group.names_differ;
      if (agrees && !is_agreement && i != 0) text_ += "\nThe same from all:\n";
      if (i == 0 || (agrees && !is_agreement)) {
        text_ += '\n';
        if (as_table) put_heading();
      }
      is_agreement |= agrees;
      as_table ? put_row(group) : put_list(group);
      text_ += indented(group.diagnosis.sentence, options_.width);
    }
  }

  void put_heading() {
    std::string line(heading);
    for (std::size_t i = 0; i < comparison_.vantages.size(); ++i) {
      pad(line, i);
      line += printable(comparison_.vantages[i]);
    }
    text_ += line + '\n';
  }

  void put_row(const comparison_group& group) {
    const std::vector<std::string> lines = endpoint_lines(group);
    std::string line = lines.front();
    std::size_t columns = detail::columns_of(line);
    for (std::size_t i = 0; i < group.seen.size(); ++i) {
      const std::size_t at = start_of(i);
      line.append(at - columns, ' ');
      line += painted(group.seen.common(i), options_.colour);
      columns = at + word_of(group.seen.common(i)).size();
    }
    text_ += line + '\n';
    for (std::size_t i = 1; i < lines.size(); ++i) text_ += lines[i] + '\n';
  }

  /// Endpoints, and below them who saw what.
  void put_list(const comparison_group& group) {
    for (const std::string& line : endpoint_lines(group)) text_ += line + '\n';
    std::map<std::string, std::pair<std::string, std::vector<std::string>>> by_word;
    std::size_t longest = 0;
    for (std::size_t i = 0; i < group.seen.size(); ++i) {
      if (group.seen.common(i) == nullptr) continue;
      const std::string word = word_of(group.seen.common(i));
      auto& [shown, vantages] = by_word[word];
      shown = painted(group.seen.common(i), options_.colour);
      vantages.push_back(comparison_.vantages[i]);
      longest = std::max(longest, word.size());
    }
    for (const auto& [word, entry] : by_word) {
      const std::string padding(longest - word.size() + gap, ' ');
      text_ += "  " + entry.first + padding + detail::listed(entry.second) + '\n';
    }
  }

  void put_rest() {
    if (shown_.size() == comparison_.groups.size()) return;
    std::uint64_t hidden = comparison_.compared;
    for (const comparison_group* const group : shown_) hidden -= group->endpoints;
    text_ += fmt::format("\n{} agree{}; --all shows {}.\n", counted(hidden, "endpoint"),
                         hidden == 1 ? "s" : "", hidden == 1 ? "it" : "them");
  }

  /// What would turn an inference into evidence.
  void put_hint() {
    for (const comparison_group* const group : shown_) {
      if (group->diagnosis.kind != diagnosis_kind::blocked || group->diagnosis.traced) continue;
      for (std::size_t i = 0; i < group->seen.size(); ++i) {
        const observation* const seen = group->seen.common(i);
        if (seen == nullptr || seen->what != sight::silent || !is_plain(seen->vantage)) continue;
        const std::string target = target_of(*group);
        if (target.empty()) continue;
        text_ += fmt::format(
            "\nA trace shows where it is blocked. At {0}:\n"
            "  netscan trace {1} --vantage {0} -o {0}-trace.ndjson\n",
            seen->vantage, target);
        return;
      }
    }
  }

  /// A name that a shell takes as it is.
  static bool is_plain(std::string_view name) {
    return !name.empty() && name.front() != '-' &&
           name.find_first_not_of(
               "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-") == name.npos;
  }

  /// One of the group's endpoints, as `trace` takes it; empty when a shell might take it otherwise.
  static std::string target_of(const comparison_group& group) {
    if (group.blocks.empty()) return "";
    const endpoint_block& block = group.blocks.front();
    const ip_address& address = block.addresses.first;
    const std::uint16_t port = block.ports.at(block.ports.size() - 1);
    if (address.is_v4()) return fmt::format("{}:{}", address, port);
    return address.zone() == 0 ? fmt::format("'[{}]:{}'", address, port) : "";
  }

  std::size_t start_of(std::size_t vantage) const {
    std::size_t at = 0;
    for (std::size_t i = 0; i <= vantage; ++i) at += widths_[i] + gap;
    return at;
  }

  void pad(std::string& line, std::size_t vantage) const {
    line.append(start_of(vantage) - detail::columns_of(line), ' ');
  }

  const comparison& comparison_;
  const comparison_text_options& options_;
  std::vector<const comparison_group*> shown_;
  std::vector<std::size_t> widths_;
  std::string text_;
};

}  // namespace

std::string comparison_text(const comparison& comparison, const comparison_text_options& options) {
  return comparison_writer(comparison, options).write();
}

}  // namespace netscan
