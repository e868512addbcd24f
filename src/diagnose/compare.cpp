#include "netscan/diagnose/compare.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <tuple>
#include <unordered_map>

#include "endpoint_blocks.hpp"
#include "netscan/target/status.hpp"
#include "view.hpp"
#include "views_of_addresses.hpp"

namespace netscan {
namespace {

using detail::address_view;

/// Everything there is to compare, and the groups that it falls into.
class comparer {
 public:
  comparer(std::span<const results_file> files, const compare_options& options)
      : options_(options), addresses_(detail::views_of_addresses(files, vantages_)) {
    for (const results_file& file : files) {
      for (const check_record& check : file.checks) take_check(check);
      for (const trace_record& trace : file.traces) traces_[trace.ip].push_back(&trace);
    }
  }

  absl::StatusOr<comparison> run() && {
    result_.vantages = vantages_.names();
    if (vantages_.names().size() < 2) {
      return invalid_argument(
          "all results are of vantage '{}': expected two or more; NAME=FILE names a file's",
          vantages_.names().empty() ? "" : vantages_.names().front());
    }
    compare_targets();
    compare_addresses();
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
    std::vector<endpoint> endpoints;
  };

  void take_check(const check_record& check) {
    const std::size_t vantage = vantages_.index_of(check.vantage);
    if (check.outcome == check_outcome::stopped) return;
    const check_record*& slot = checks_[check.target][vantage];
    if (slot == nullptr || check.time >= slot->time) slot = &check;
  }

  void compare_targets() {
    for (const auto& [target, checks] : checks_) {
      std::vector<std::optional<observation>> seen(vantages_.names().size());
      std::uint16_t port = 0;
      bool is_wanted = false;
      for (const auto& [vantage, check] : checks) {
        seen[vantage] = observe(*check);
        port = check->port;
        is_wanted |= wants(*check, seen[vantage]);
      }
      if (!is_wanted || !counts(checks.size())) continue;
      open_group& group = group_of(std::move(seen), port, true);
      group.group.targets.push_back(target);
      settle(group);
    }
  }

  void compare_addresses() {
    for (auto view = addresses_.begin(); view != addresses_.end();) {
      const auto end = std::find_if(
          view, addresses_.end(), [&](const address_view& other) { return other.at != view->at; });
      compare_address({view, end});
      view = end;
    }
    if (several_answers_ != 0) {
      result_.notices.push_back(fmt::format(
          "{} endpoint{} had several answers from one vantage: the one that tells most counts, and "
          "of equal ones the last",
          several_answers_, several_answers_ == 1 ? "" : "s"));
    }
  }

  void compare_address(std::span<const address_view> views) {
    if (!wants(views.front().at.address) || detail::is_covered_by_checks(views)) return;
    chosen_.clear();
    bool has_several = false;
    for (const address_view& view : views) {
      if (chosen_.empty() || chosen_.back()->vantage != view.vantage) {
        chosen_.push_back(&view);
      } else {
        has_several |= !view.is_trace && view.record->reason != chosen_.back()->record->reason;
      }
    }
    if (has_several) ++several_answers_;
    // A name that leads elsewhere from each vantage is a matter of its check, not of the addresses.
    const bool is_of_checks = std::all_of(
        views.begin(), views.end(), [](const address_view& view) { return view.check != nullptr; });
    if (chosen_.size() < 2 && is_of_checks) return;
    if (!counts(chosen_.size())) return;
    open_group& group = group_of_chosen();
    group.endpoints.push_back(views.front().at);
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
  }

  /// Most endpoints of a sweep are alike, so what they are alike in is looked at before any text is
  /// made of it.
  open_group& group_of_chosen() {
    const auto traces = traces_.find(chosen_.front()->at.address);
    if (traces != traces_.end()) return groups_[make_group_of_chosen()];
    const auto [found, is_new] = known_.try_emplace(likeness(), 0);
    if (is_new) found->second = make_group_of_chosen();
    return groups_[found->second];
  }

  /// What of the chosen views may make a difference to the diagnosis, in bytes.
  std::string likeness() const {
    std::string key;
    const auto append = [&](auto value) {
      key.append(reinterpret_cast<const char*>(&value), sizeof value);
    };
    timestamp first = timestamp::max();
    timestamp last = timestamp::min();
    for (const address_view* const view : chosen_) {
      const probe_record& record = *view->record;
      const std::optional<bool> is_near = on_link(view->sources, record.ip);
      append(view->vantage);
      append(record.reason);
      append(record.local_errno);
      append(is_near ? static_cast<int>(*is_near) : -1);
      append(view->is_unclear);
      // Whether it is the address itself that has sent the error, and else who.
      const bool is_own = record.icmp && record.icmp->from == record.ip;
      append(record.icmp ? (is_own ? 2 : 1) : 0);
      if (record.icmp && !is_own) key += to_string(record.icmp->from);
      first = std::min(first, record.time);
      last = std::max(last, record.time);
    }
    append(detail::are_far_apart(first, last));
    return key;
  }

  std::size_t make_group_of_chosen() {
    std::vector<std::optional<observation>> seen(vantages_.names().size());
    for (const address_view* const view : chosen_) {
      observation one = observe(*view->record, vantages_.names()[view->vantage],
                                on_link(view->sources, view->record->ip));
      if (view->is_unclear && one.what == sight::nobody) one.what = sight::icmp_error;
      if (view->is_unclear && one.what == sight::closed) {
        one.what = sight::refused;
        one.word = to_string(sight::refused);
      }
      seen[view->vantage] = std::move(one);
    }
    return index_of_group(std::move(seen), chosen_.front()->at.port, false);
  }

  open_group& group_of(std::vector<std::optional<observation>> seen, std::uint16_t port,
                       bool is_target) {
    return groups_[index_of_group(std::move(seen), port, is_target)];
  }

  /// The group of what is seen in this way, a new one if there is none yet.
  std::size_t index_of_group(std::vector<std::optional<observation>> seen, std::uint16_t port,
                             bool is_target) {
    std::vector<observation> known;
    std::vector<const trace_record*> traces;
    std::string cells;
    for (const std::optional<observation>& one : seen) {
      cells += one ? one->word + '\n' : "\n";
      if (!one) continue;
      known.push_back(*one);
      if (!one->address) continue;
      const auto found = traces_.find(*one->address);
      if (found == traces_.end()) continue;
      traces.insert(traces.end(), found->second.begin(), found->second.end());
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
    }
    return found->second;
  }

  void finish() {
    for (open_group& group : groups_) {
      group.group.blocks = detail::blocks_of(group.endpoints);
      result_.groups.push_back(std::move(group.group));
    }
    const auto rank = [](const comparison_group& group) {
      const bool answers = std::any_of(group.seen.begin(), group.seen.end(),
                                       [](const std::optional<observation>& seen) {
                                         return seen && seen->what == sight::answers;
                                       });
      if (group.differ) return answers ? 0 : 1;
      return group.names_differ ? 2 : 3;
    };
    // Targets and addresses came in order, and groups keep the order of their first ones.
    std::stable_sort(
        result_.groups.begin(), result_.groups.end(),
        [&](const comparison_group& a, const comparison_group& b) { return rank(a) < rank(b); });
  }

  bool wants(const ip_address& address) const {
    if (options_.only_addresses.empty() && options_.only_hosts.empty()) return true;
    return options_.only_addresses.contains(address);
  }

  bool wants(const check_record& check, const std::optional<observation>& seen) const {
    if (options_.only_addresses.empty() && options_.only_hosts.empty()) return true;
    const auto& hosts = options_.only_hosts;
    if (std::find(hosts.begin(), hosts.end(), check.host) != hosts.end()) return true;
    return seen && seen->address && options_.only_addresses.contains(*seen->address);
  }

  const compare_options& options_;
  detail::vantage_names vantages_;
  std::vector<address_view> addresses_;
  std::map<std::string, std::map<std::size_t, const check_record*>> checks_;
  std::map<ip_address, std::vector<const trace_record*>> traces_;

  std::vector<open_group> groups_;
  std::unordered_map<std::string, std::size_t> known_;
  std::map<std::tuple<bool, std::string, std::string>, std::size_t> by_text_;
  std::vector<const address_view*> chosen_;
  std::uint64_t several_answers_ = 0;
  comparison result_;
};

}  // namespace

std::string to_string(const endpoint_block& block) {
  std::string addresses = to_string(block.addresses);
  if (block.addresses.first.is_v6()) addresses = '[' + addresses + ']';
  return fmt::format("{}:{}", addresses, to_string(block.ports));
}

absl::StatusOr<comparison> compare(std::span<const results_file> files,
                                   const compare_options& options) {
  return comparer(files, options).run();
}

}  // namespace netscan
