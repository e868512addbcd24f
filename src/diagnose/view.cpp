#include "view.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <bit>

#include "netscan/target/printable.hpp"

namespace netscan::detail {
namespace {

constexpr std::size_t most_names = 4;
constexpr std::size_t longest_name = 40;
// Longer than sweeps and checks of one occasion take; a service may well have been restarted.
constexpr auto far_apart = std::chrono::minutes(10);

bool is_up_sight(sight what) {
  return what == sight::answers || what == sight::http_fails || what == sight::tls_fails;
}

bool ends_by_tcp(const trace_record& trace) {
  return trace.end->reason == probe_reason::syn_ack ||
         trace.end->reason == probe_reason::conn_refused;
}

}  // namespace

view::view(const scene& scene) : scene_(scene) {
  timestamp first = timestamp::max();
  timestamp last = timestamp::min();
  const auto look = [&](timestamp time) {
    first = std::min(first, time);
    last = std::max(last, time);
  };
  for (const observation& seen : scene.seen) {
    seen_ = static_cast<std::uint16_t>(seen_ | bit(seen.what));
    look(seen.time);
    if (is_up_sight(seen.what)) continue;
    if (const trace_record* const trace = trace_of(seen)) look(trace->time);
  }
  far_apart_ = are_far_apart(first, last);
}

bool view::has_any(std::initializer_list<sight> some) const noexcept {
  return std::any_of(some.begin(), some.end(), [this](sight what) { return has(what); });
}

bool view::saw_only(std::initializer_list<sight> some) const noexcept {
  return std::all_of(scene_.seen.begin(), scene_.seen.end(), [&](const observation& seen) {
    return seen.what == sight::could_not_ask ||
           std::find(some.begin(), some.end(), seen.what) != some.end();
  });
}

bool view::is_uniform() const noexcept {
  return std::has_single_bit(known());
}

unsigned view::cuts() const noexcept {
  return static_cast<unsigned>(std::popcount(static_cast<std::uint16_t>(known() & ~up_bits)));
}

std::vector<const observation*> view::by(sight what) const {
  std::vector<const observation*> list;
  for (const observation& seen : scene_.seen) {
    if (seen.what == what) list.push_back(&seen);
  }
  return list;
}

std::string view::names(sight what) const {
  std::vector<std::string> list;
  for (const observation* const seen : by(what)) list.push_back(seen->vantage);
  return listed(list);
}

bool view::is_certainly_free() const noexcept {
  return std::any_of(scene_.seen.begin(), scene_.seen.end(),
                     [](const observation& seen) { return seen.on_own_link; });
}

const trace_record* view::trace_of(const observation& seen) const noexcept {
  const trace_record* best = nullptr;
  for (const trace_record* const trace : scene_.traces) {
    if (!speaks_for(*trace, seen)) continue;
    const bool is_same = trace->port == scene_.port;
    const bool best_is_same = best != nullptr && best->port == scene_.port;
    const bool is_better = best == nullptr || (is_same && !best_is_same) ||
                           (is_same == best_is_same && trace->time >= best->time);
    if (is_better) best = trace;
  }
  return best;
}

bool view::traces_confirm(sight what) const noexcept {
  return std::all_of(scene_.seen.begin(), scene_.seen.end(), [&](const observation& seen) {
    if (seen.what != what) return true;
    const trace_record* const trace = trace_of(seen);
    return trace != nullptr && trace->port == scene_.port && !ends_by_tcp(*trace);
  });
}

bool view::a_trace_contradicts() const noexcept {
  return std::any_of(scene_.seen.begin(), scene_.seen.end(), [&](const observation& seen) {
    if (is_up_sight(seen.what) || seen.what == sight::closed) return false;
    const trace_record* const trace = trace_of(seen);
    return trace != nullptr && trace->port == scene_.port && ends_by_tcp(*trace);
  });
}

bool are_far_apart(timestamp first, timestamp last) noexcept {
  return first <= last && last - first > far_apart;
}

bool speaks_for(const trace_record& trace, const observation& seen) noexcept {
  return trace.vantage == seen.vantage && trace.end &&
         trace.end->reason != probe_reason::local_error && seen.address == trace.ip;
}

std::string listed(const std::vector<std::string>& names) {
  const std::size_t shown = names.size() > most_names ? most_names - 1 : names.size();
  std::string text;
  for (std::size_t i = 0; i < shown; ++i) {
    const bool is_last = i + 1 == names.size();
    if (i != 0) text += is_last ? " and " : ", ";
    text += printable(names[i], longest_name);
  }
  if (shown < names.size()) text += fmt::format(" and {} more", names.size() - shown);
  return text;
}

}  // namespace netscan::detail
