#include "netscan/report/trace_text.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "duration_text.hpp"
#include "netscan/target/printable.hpp"
#include "painted_state.hpp"
#include "wrapped_text.hpp"

namespace netscan {
namespace {

constexpr std::size_t most_rtts_listed = 4;

/// One line of the table.
struct row {
  std::string hop;
  std::string from;
  std::string says;  // the reason, where it is not that a SYN has gone its hops
  std::string rtt;
  std::string lost;
  probe_state state = probe_state::filtered;
};

bool is_silent(const trace_hop& hop) {
  return hop.answers.empty();
}

std::string rtts(const std::vector<std::uint32_t>& list) {
  if (list.size() > most_rtts_listed) {
    const auto [best, worst] = std::minmax_element(list.begin(), list.end());
    return fmt::format("{} to {}", detail::duration_text(*best), detail::duration_text(*worst));
  }
  std::string text;
  for (const std::uint32_t rtt : list) {
    if (!text.empty()) text += "  ";
    text += detail::duration_text(rtt);
  }
  return text;
}

/// Who answered: the sender of the ICMP message, or for an answer of TCP the target.
std::string sender(const trace_record& trace, const trace_answer& answer) {
  if (answer.icmp) return to_string(answer.icmp->from);
  return answer.reason == probe_reason::no_neighbor ? "this host" : to_string(trace.ip);
}

void add_hop(std::vector<row>& rows, const trace_record& trace, const trace_hop& hop) {
  const unsigned lost = hop.queries - std::min(hop.queries, hop.answered());
  for (const trace_answer& answer : hop.answers) {
    const bool is_first = &answer == &hop.answers.front();
    row r;
    if (is_first) r.hop = std::to_string(hop.ttl);
    r.from = sender(trace, answer);
    if (answer.reason != probe_reason::time_exceeded) r.says = to_string(answer.reason);
    r.rtt = rtts(answer.rtts_us);
    if (is_first && lost != 0) r.lost = fmt::format("{} of {} lost", lost, hop.queries);
    r.state = state_of(answer.reason);
    rows.push_back(std::move(r));
  }
}

/// A run of silent hops is one line.
std::vector<row> rows_of(const trace_record& trace) {
  std::vector<row> rows;
  for (auto hop = trace.hops.begin(); hop != trace.hops.end();) {
    if (!is_silent(*hop)) {
      add_hop(rows, trace, *hop++);
      continue;
    }
    const auto end = std::find_if_not(hop, trace.hops.end(), is_silent);
    const unsigned first = hop->ttl;
    const unsigned last = std::prev(end)->ttl;
    row r;
    r.hop = first == last ? std::to_string(first) : fmt::format("{}-{}", first, last);
    r.from = "no answer";
    rows.push_back(std::move(r));
    hop = end;
  }
  return rows;
}

std::string table(const std::vector<row>& rows, bool colour) {
  std::size_t hop_width = 3;
  std::size_t from_width = 4;
  std::size_t says_width = 0;
  std::size_t rtt_width = 0;
  for (const row& r : rows) {
    hop_width = std::max(hop_width, r.hop.size());
    from_width = std::max(from_width, r.from.size());
    says_width = std::max(says_width, r.says.size());
    rtt_width = std::max(rtt_width, r.rtt.size());
  }
  std::string text;
  const auto put = [&](const row& r, bool paint) {
    std::string line = fmt::format("{:>{}}  {:<{}}", r.hop, hop_width, r.from, from_width);
    if (says_width != 0) {
      const std::string padding(says_width - r.says.size(), ' ');
      line += "  " + (paint && !r.says.empty() ? detail::painted_state(r.says, r.state) : r.says) +
              padding;
    }
    line += fmt::format("  {:<{}}  {}", r.rtt, rtt_width, r.lost);
    line.erase(line.find_last_not_of(' ') + 1);
    text += line + '\n';
  };
  put({"HOP", "FROM", says_width != 0 ? "SAYS" : "", "RTT", ""}, false);
  for (const row& r : rows) put(r, colour);
  return text;
}

std::string heading(const trace_record& trace) {
  std::string text = printable(trace.target);
  const std::string address = to_string(trace.ip);
  if (trace.target.find(address) == trace.target.npos) text += fmt::format(" at {}", address);
  text += fmt::format(" from {}", printable(trace.vantage));
  if (trace.source) text += fmt::format(" ({})", trace.source->address);
  return text + fmt::format(", at most {} hops", trace.max_hops);
}

}  // namespace

std::string trace_text(const trace_record& trace, const trace_text_options& options) {
  std::string text = detail::wrap_words(heading(trace), options.width) + '\n';
  const std::vector<row> rows = rows_of(trace);
  if (!rows.empty()) text += table(rows, options.colour) + '\n';
  return text + detail::wrap_words(summary_of(trace), options.width);
}

}  // namespace netscan
