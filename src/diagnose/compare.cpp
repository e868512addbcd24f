#include "netscan/diagnose/compare.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <map>
#include <tuple>
#include <unordered_map>

#include "endpoint_blocks.hpp"
#include "endpoint_views.hpp"
#include "netscan/target/status.hpp"
#include "reach_picture.hpp"
#include "seen_table.hpp"
#include "view.hpp"

namespace netscan {
namespace {

using detail::endpoint_view;

/// Everything there is to compare, and the groups that it falls into.
class comparer {
 public:
  explicit comparer(detail::endpoint_views& views)
      : views_(views), options_(views.options()), names_(views.vantages()) {
    for (const check_record& check : views.checks()) take_check(check);
    for (const trace_record& trace : views.traces()) {
      traces_[trace.ip][views.index_of(trace.vantage)].push_back(&trace);
    }
  }

  absl::StatusOr<comparison> run() && {
    result_.vantages = names_;
    if (names_.size() < 2) {
      return invalid_argument(
          "all results are of vantage '{}': expected two or more; NAME=FILE names a file's",
          names_.empty() ? "" : names_.front());
    }
    compare_targets();
    if (const absl::Status compared = compare_addresses(); !compared.ok()) return compared;
    if (result_.compared == 0) {
      const bool is_narrowed = !options_.only_addresses.empty() || !options_.only_hosts.empty();
      return invalid_argument("{} was asked from two vantages ({} from one only)",
                              is_narrowed ? "none of the endpoints to be compared" : "no endpoint",
                              result_.asked_from_one);
    }
    finish();
    return std::move(result_);
  }

 private:
  struct open_group {
    comparison_group group;
    detail::block_list endpoints;
    bool answers = false;  // somewhere
  };

  void take_check(const check_record& check) {
    if (check.outcome == check_outcome::stopped) return;
    const check_record*& slot = checks_[check.target][views_.index_of(check.vantage)];
    if (slot == nullptr || check.time >= slot->time) slot = &check;
  }

  void compare_targets() {
    for (const auto& [target, checks] : checks_) {
      std::vector<seen_list::number> numbers(names_.size());
      std::uint16_t port = 0;
      bool is_wanted = false;
      for (const auto& [vantage, check] : checks) {
        std::optional<observation> seen = observe(*check);
        port = check->port;
        is_wanted |= wants(*check, seen);
        if (seen) numbers[vantage] = table_.add(*std::move(seen));
      }
      if (!is_wanted || !counts(checks.size())) continue;
      seen_list seen(table_.shared(), std::move(numbers), {}, std::nullopt);
      open_group& group = groups_[index_of_group(std::move(seen), port, true)];
      group.group.targets.push_back(target);
      settle(group);
    }
  }

  absl::Status compare_addresses() {
    constexpr std::size_t fewest_for_matrix = 3;
    detail::reach_columns columns = detail::columns_for(views_);
    const bool has_matrix = columns.vantages().size() >= fewest_for_matrix;
    absl::Status handed_out =
        views_.hand_out([&](const endpoint& at, std::span<const endpoint_view> views) {
          compare_address(at, views);
          if (has_matrix) columns.add(at, views);
        });
    if (!handed_out.ok()) return handed_out;
    if (columns.count() != 0) result_.matrix = detail::reachability_of(columns, views_.traces());
    if (several_answers_ != 0) {
      result_.notices.push_back(fmt::format(
          "{} endpoint{} had several answers from one vantage: the one that tells most counts, and "
          "of equal ones the last",
          several_answers_, several_answers_ == 1 ? "" : "s"));
    }
    if (result_.matrix) {
      const std::vector<std::string>& of_matrix = result_.matrix->notices;
      result_.notices.insert(result_.notices.end(), of_matrix.begin(), of_matrix.end());
    }
    return absl::OkStatus();
  }

  void compare_address(const endpoint& at, std::span<const endpoint_view> views) {
    if (detail::is_covered_by_checks(views)) return;
    chosen_.clear();
    bool has_several = false;
    for (const endpoint_view& view : views) {
      if (chosen_.empty() || chosen_.back()->vantage != view.vantage) {
        chosen_.push_back(&view);
      } else {
        has_several |= !view.is_trace && view.record->reason != chosen_.back()->record->reason;
      }
    }
    if (has_several) ++several_answers_;
    // A name that leads elsewhere from each vantage is a matter of its check, not of the addresses.
    const bool is_of_checks =
        std::all_of(views.begin(), views.end(),
                    [](const endpoint_view& view) { return view.check != nullptr; });
    if (chosen_.size() < 2 && is_of_checks) return;
    if (!counts(chosen_.size())) return;
    open_group& group = group_of_chosen(at);
    group.endpoints.add(at);
    settle(group);
  }

  /// Counts the endpoint in; false when there is nothing to compare it with.
  bool counts(std::size_t vantages) {
    if (vantages < 2) ++result_.asked_from_one;
    return vantages >= 2;
  }

  void settle(open_group& group) {
    ++group.group.endpoints;
    ++result_.compared;
    if (group.group.differ) ++result_.differing;
    if (group.group.diagnosis.kind == diagnosis_kind::nobody_could_ask) ++result_.unknown;
  }

  /// Most endpoints of a sweep are alike, so what they are alike in is looked at before any text is
  /// made of it.
  open_group& group_of_chosen(const endpoint& at) {
    std::u32string key;
    timestamp first = timestamp::max();
    timestamp last = timestamp::min();
    for (const endpoint_view* const view : chosen_) {
      key.push_back(table_.number_of(*view, names_[view->vantage]));
      first = std::min(first, view->record->time);
      last = std::max(last, view->record->time);
    }
    if (traces_.contains(at.address)) return groups_[make_group_of(key, at)];
    key.push_back(detail::are_far_apart(first, last) ? U'1' : U'0');
    const auto [found, is_new] = known_.try_emplace(key, 0);
    if (is_new) {
      key.pop_back();
      found->second = make_group_of(key, at);
    }
    return groups_[found->second];
  }

  /// Of the chosen views, which have these numbers.
  std::size_t make_group_of(const std::u32string& chosen, const endpoint& at) {
    std::vector<seen_list::number> numbers(names_.size());
    std::vector<timestamp> times(names_.size());
    for (std::size_t i = 0; i < chosen_.size(); ++i) {
      numbers[chosen_[i]->vantage] = chosen[i];
      times[chosen_[i]->vantage] = chosen_[i]->record->time;
    }
    return index_of_group({table_.shared(), std::move(numbers), std::move(times), at.address},
                          at.port, false);
  }

  /// The group of what is seen in this way, a new one if there is none yet.
  std::size_t index_of_group(seen_list seen, std::uint16_t port, bool is_target) {
    std::vector<observation> known;
    std::vector<const trace_record*> traces;
    std::string cells;
    for (std::size_t vantage = 0; vantage < seen.size(); ++vantage) {
      std::optional<observation> one = seen[vantage];
      if (one) cells += one->word;
      cells += '\n';
      if (!one) continue;
      known.push_back(*std::move(one));
      if (known.back().address) add_traces(traces, *known.back().address, vantage);
    }
    diagnosis verdict = diagnose({known, traces, port});
    const auto [found, is_new] =
        by_text_.try_emplace(std::tuple(is_target, cells, verdict.sentence), groups_.size());
    if (is_new) {
      open_group& group = groups_.emplace_back();
      group.group.seen = std::move(seen);
      group.group.diagnosis = std::move(verdict);
      group.group.differ = differ(known);
      group.group.names_differ = resolves_differently(known);
      for (const observation& one : known) group.answers |= one.what == sight::answers;
    }
    return found->second;
  }

  /// Only the vantage's own: those of others tell nothing of what it saw, and with them each
  /// endpoint would take the cube of the vantages.
  void add_traces(std::vector<const trace_record*>& traces, const ip_address& address,
                  std::size_t vantage) const {
    const auto to_address = traces_.find(address);
    if (to_address == traces_.end()) return;
    const auto found = to_address->second.find(vantage);
    if (found == to_address->second.end()) return;
    traces.insert(traces.end(), found->second.begin(), found->second.end());
  }

  void finish() {
    const auto rank = [](const open_group& group) {
      if (group.group.differ) return group.answers ? 0 : 1;
      return group.group.names_differ ? 2 : 3;
    };
    // Targets and addresses came in order, and groups keep the order of their first ones.
    std::stable_sort(groups_.begin(), groups_.end(),
                     [&](const open_group& a, const open_group& b) { return rank(a) < rank(b); });
    for (open_group& group : groups_) {
      group.group.blocks = group.endpoints.blocks();
      result_.groups.push_back(std::move(group.group));
    }
  }

  bool wants(const check_record& check, const std::optional<observation>& seen) const {
    if (options_.only_addresses.empty() && options_.only_hosts.empty()) return true;
    const auto& hosts = options_.only_hosts;
    if (std::find(hosts.begin(), hosts.end(), check.host) != hosts.end()) return true;
    return seen && seen->address && options_.only_addresses.contains(*seen->address);
  }

  detail::endpoint_views& views_;
  const compare_options& options_;
  const std::vector<std::string>& names_;
  std::map<std::string, std::map<std::size_t, const check_record*>> checks_;
  std::map<ip_address, std::map<std::size_t, std::vector<const trace_record*>>> traces_;

  std::vector<open_group> groups_;
  detail::seen_table table_;
  std::unordered_map<std::u32string, std::size_t> known_;
  std::map<std::tuple<bool, std::string, std::string>, std::size_t> by_text_;
  std::vector<const endpoint_view*> chosen_;
  std::uint64_t several_answers_ = 0;
  comparison result_;
};

}  // namespace

struct comparison_builder::implementation {
  explicit implementation(compare_options options) : views(std::move(options)) {}

  detail::endpoint_views views;
};

comparison_builder::comparison_builder(compare_options options)
    : implementation_(std::make_unique<implementation>(std::move(options))) {}
comparison_builder::comparison_builder(comparison_builder&&) noexcept = default;
comparison_builder& comparison_builder::operator=(comparison_builder&&) noexcept = default;
comparison_builder::~comparison_builder() = default;

absl::Status comparison_builder::add(const results_file& file) {
  return implementation_->views.add(file);
}

absl::StatusOr<std::vector<std::string>> comparison_builder::add_file(const std::string& path,
                                                                      std::string_view vantage) {
  return implementation_->views.add_file(path, vantage);
}

absl::StatusOr<comparison> comparison_builder::finish() && {
  return comparer(implementation_->views).run();
}

absl::StatusOr<comparison> compare(std::span<const results_file> files,
                                   const compare_options& options) {
  compare_options in_memory = options;
  in_memory.records_in_memory = std::numeric_limits<std::size_t>::max();
  comparison_builder builder(std::move(in_memory));
  for (const results_file& file : files) {
    if (absl::Status added = builder.add(file); !added.ok()) return added;
  }
  return std::move(builder).finish();
}

}  // namespace netscan
