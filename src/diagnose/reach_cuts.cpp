#include "reach_cuts.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include "endpoint_blocks.hpp"
#include "reach_words.hpp"

namespace netscan::detail {
namespace {

using numbers = std::vector<std::size_t>;

/// Vantages and columns between which nothing is reached.
struct rectangle {
  numbers vantages;
  numbers columns;
};

bool is_rejecting_router(const reach_look& look) {
  return look.what == sight::rejected && look.sender.has_value();
}

class cut_finder {
 public:
  cut_finder(const reach_matrix& matrix, const std::deque<trace_record>& traces)
      : matrix_(matrix),
        columns_(matrix.columns()),
        vantages_(columns_.vantages().size()),
        traces_(traces) {}

  std::vector<cut> run() && {
    sort_out();
    add(cut_kind::vantages_reach_nothing, {dead_, reached_or_not_});
    numbers down;
    numbers free;
    for (const std::size_t column : unreached_) {
      (matrix_.is_free(column) ? free : down).push_back(column);
    }
    add(cut_kind::reached_by_nobody, {living_, down});
    add(cut_kind::reached_by_nobody, {living_, free});
    add_groups();
    return std::move(cuts_);
  }

 private:
  bool has(std::size_t vantage, std::size_t column, reach what) const {
    return matrix_.at(vantage, column) == what;
  }

  void sort_out() {
    std::vector<bool> is_reached(columns_.count());
    std::vector<bool> reaches(vantages_);
    for (std::size_t column = 0; column < columns_.count(); ++column) {
      reached_or_not_.push_back(column);
      for (std::size_t vantage = 0; vantage < vantages_; ++vantage) {
        if (!has(vantage, column, reach::reached)) continue;
        is_reached[column] = true;
        reaches[vantage] = true;
      }
      (is_reached[column] ? reached_ : unreached_).push_back(column);
    }
    for (std::size_t vantage = 0; vantage < vantages_; ++vantage) {
      const bool is_dead = !reaches[vantage] &&
                           std::any_of(reached_.begin(), reached_.end(), [&](std::size_t column) {
                             return has(vantage, column, reach::cut);
                           });
      (is_dead ? dead_ : living_).push_back(vantage);
    }
  }

  /// What is left, between vantages that reach something and endpoints that somebody reaches.
  void add_groups() {
    const std::vector<rectangle> by_columns = rectangles_by_columns();
    const std::vector<rectangle> by_rows = rectangles_by_rows();
    const std::size_t before = cuts_.size();
    // By endpoints the cause is clearer, unless each vantage has rules of its own.
    const bool are_of_vantages = by_rows.size() * 2 <= by_columns.size();
    for (const rectangle& whole : are_of_vantages ? by_rows : by_columns) {
      for (rectangle& part : apart_by_sender(whole)) {
        add(cut_kind::groups_cut_off, std::move(part));
      }
    }
    const auto size = [](const cut& one) { return one.vantages.size() + one.blocks.size(); };
    std::stable_sort(cuts_.begin() + static_cast<std::ptrdiff_t>(before), cuts_.end(),
                     [&](const cut& a, const cut& b) {
                       return std::tuple(size(a), b.pairs) < std::tuple(size(b), a.pairs);
                     });
  }

  /// Endpoints that the same vantages are cut off from, group by group of them.
  std::vector<rectangle> rectangles_by_columns() const {
    std::map<std::size_t, std::set<std::size_t>> cut_off;  // by group of columns
    std::map<std::size_t, numbers> members;
    for (const std::size_t column : reached_) {
      const std::size_t group = matrix_.column_groups()[column];
      members[group].push_back(column);
      for (const std::size_t vantage : living_) {
        if (has(vantage, column, reach::cut)) cut_off[group].insert(vantage);
      }
    }
    std::map<std::set<std::size_t>, numbers> columns_by_vantages;
    for (const auto& [group, vantages] : cut_off) {
      numbers& columns = columns_by_vantages[vantages];
      columns.insert(columns.end(), members[group].begin(), members[group].end());
    }
    std::vector<rectangle> found;
    for (auto& [vantages, columns] : columns_by_vantages) {
      std::sort(columns.begin(), columns.end());
      found.push_back({{vantages.begin(), vantages.end()}, std::move(columns)});
    }
    return found;
  }

  /// Vantages that are cut off from the same endpoints, group by group of them.
  std::vector<rectangle> rectangles_by_rows() const {
    std::map<std::size_t, std::set<std::size_t>> cut_off;  // groups of columns, by group of rows
    std::map<std::size_t, numbers> members;
    for (const std::size_t vantage : living_) {
      const std::size_t group = matrix_.row_groups()[vantage];
      members[group].push_back(vantage);
      for (const std::size_t column : reached_) {
        if (has(vantage, column, reach::cut))
          cut_off[group].insert(matrix_.column_groups()[column]);
      }
    }
    std::map<std::set<std::size_t>, numbers> vantages_by_groups;
    for (const auto& [group, groups] : cut_off) {
      numbers& vantages = vantages_by_groups[groups];
      vantages.insert(vantages.end(), members[group].begin(), members[group].end());
    }
    std::vector<rectangle> found;
    for (auto& [groups, vantages] : vantages_by_groups) {
      std::sort(vantages.begin(), vantages.end());
      // What they all reach is left out with the rest of which nothing is cut.
      found.push_back({std::move(vantages), reached_});
    }
    return found;
  }

  /// The vantages whom the same have rejected, together.
  std::vector<rectangle> apart_by_sender(const rectangle& whole) const {
    std::map<std::set<ip_address>, rectangle> parts;
    for (const std::size_t vantage : whole.vantages) {
      std::set<ip_address> senders;
      for (const std::size_t column : whole.columns) {
        if (!has(vantage, column, reach::cut)) continue;
        const reach_look& look = *columns_.at(vantage, column);
        if (is_rejecting_router(look)) senders.insert(*look.sender);
      }
      rectangle& part = parts[senders];
      part.vantages.push_back(vantage);
      part.columns = whole.columns;
    }
    std::vector<rectangle> list;
    list.reserve(parts.size());
    for (auto& [senders, part] : parts) list.push_back(std::move(part));
    return list;
  }

  /// The cut of what is cut in the rectangle; none when nothing is.
  void add(cut_kind kind, rectangle all) {
    std::erase_if(all.columns, [&](std::size_t column) {
      return std::none_of(all.vantages.begin(), all.vantages.end(),
                          [&](std::size_t vantage) { return has(vantage, column, reach::cut); });
    });
    std::erase_if(all.vantages, [&](std::size_t vantage) {
      return std::none_of(all.columns.begin(), all.columns.end(),
                          [&](std::size_t column) { return has(vantage, column, reach::cut); });
    });
    if (all.columns.empty()) return;
    cut& cut = cuts_.emplace_back();
    cut.kind = kind;
    cut.blocks = columns_.blocks(all.columns);
    cut.is_free = kind == cut_kind::reached_by_nobody && matrix_.is_free(all.columns.front());
    count(cut, all);
    const std::uint64_t beyond = kind == cut_kind::vantages_reach_nothing ? unknown_beyond(all) : 0;
    cut.vantages = std::move(all.vantages);
    cut.last_routers = last_routers(cut);
    put_into_words(cut, columns_.vantages(), beyond);
  }

  /// Pairs of vantages that reach nothing with what others reach and the rectangle leaves out,
  /// because nothing is known of it from any of them.
  std::uint64_t unknown_beyond(const rectangle& all) const {
    std::uint64_t endpoints = 0;
    for (const std::size_t column : reached_) {
      const bool is_told = std::binary_search(all.columns.begin(), all.columns.end(), column);
      if (!is_told) endpoints += columns_.size(column);
    }
    return endpoints * all.vantages.size();
  }

  void count(cut& cut, const rectangle& all) const {
    std::vector<std::uint64_t> pairs_by_look(columns_.looks());
    for (const std::size_t column : all.columns) {
      const std::uint64_t endpoints = columns_.size(column);
      cut.endpoints += endpoints;
      for (const std::size_t vantage : all.vantages) {
        if (has(vantage, column, reach::cut)) {
          cut.pairs += endpoints;
          pairs_by_look[columns_.number_at(vantage, column)] += endpoints;
        } else {
          cut.unknown += endpoints;
        }
      }
    }
    std::set<ip_address> firewalls;
    std::map<std::tuple<sight, probe_reason, std::optional<ip_address>, bool>, std::uint64_t> alike;
    for (std::size_t number = 0; number < pairs_by_look.size(); ++number) {
      if (pairs_by_look[number] == 0) continue;
      const reach_look& look = columns_.look(static_cast<look_number>(number));
      alike[{look.what, look.reason, look.sender, look.by_target}] += pairs_by_look[number];
      if (is_rejecting_router(look)) firewalls.insert(*look.sender);
    }
    for (const auto& [look, pairs] : alike) {
      const auto& [what, reason, sender, by_target] = look;
      cut.manners.push_back({what, reason, sender, by_target, pairs});
    }
    std::stable_sort(cut.manners.begin(), cut.manners.end(),
                     [](const cut_manner& a, const cut_manner& b) { return a.pairs > b.pairs; });
    cut.firewalls.assign(firewalls.begin(), firewalls.end());
  }

  /// Where traces from the vantages to the endpoints were last seen alive, before silence.
  std::vector<ip_address> last_routers(const cut& cut) const {
    std::set<ip_address> routers;
    for (const trace_record& trace : traces_) {
      if (!trace.end || trace.end->reason != probe_reason::no_response) continue;
      const bool is_from_here = std::any_of(
          cut.vantages.begin(), cut.vantages.end(),
          [&](std::size_t vantage) { return columns_.vantages()[vantage] == trace.vantage; });
      if (!is_from_here || !contains(cut.blocks, {trace.ip, trace.port})) continue;
      const trace_hop* const alive = last_alive(trace);
      if (alive == nullptr) continue;
      for (const ip_address& router : routers_of(*alive)) routers.insert(router);
    }
    return {routers.begin(), routers.end()};
  }

  const reach_matrix& matrix_;
  const reach_columns& columns_;
  std::size_t vantages_;
  const std::deque<trace_record>& traces_;
  numbers dead_;    // vantages that reach nothing of what others do
  numbers living_;  // the others
  numbers reached_or_not_;
  numbers reached_;
  numbers unreached_;
  std::vector<cut> cuts_;
};

}  // namespace

std::vector<cut> cuts_of(const reach_matrix& matrix, const std::deque<trace_record>& traces) {
  return cut_finder(matrix, traces).run();
}

}  // namespace netscan::detail
