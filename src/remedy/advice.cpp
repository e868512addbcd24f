#include "advice.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <optional>

#include "shell_text.hpp"

namespace netscan::detail {
namespace {

std::string addresses(std::size_t count) {
  return fmt::format("{} address{}", count, count == 1 ? "" : "es");
}

struct tally {
  std::span<const verdict> verdicts;

  std::size_t operator()(obstacle by) const {
    return static_cast<std::size_t>(std::count_if(verdicts.begin(), verdicts.end(),
                                                  [by](const verdict& v) { return v.by == by; }));
  }
  /// Let through, but of another kind than wanted.
  std::size_t operator()(candidate_kind kind) const {
    return static_cast<std::size_t>(std::count_if(
        verdicts.begin(), verdicts.end(),
        [kind](const verdict& v) { return v.by == obstacle::selection && v.judged.kind == kind; }));
  }
};

/// What to do, and when it is to sweep again, the flags to do it with.
struct step {
  std::string text;
  std::optional<std::string> sweep_flags = {};
};

std::string_view wanted(candidate_selection selection) {
  switch (selection) {
    case candidate_selection::open:
      return "open";
    case candidate_selection::free:
      return "passed by the firewall and free";
    case candidate_selection::passable:
      return "passed by the firewall";
  }
  return "";
}

/// The first of these that applies is the cheapest way on: another choice from the same scans, then
/// a better scan, then addresses in use, then the firewall itself.
step next_step(const tally& count, const std::string& ports) {
  if (const std::size_t n = count(candidate_kind::free)) {
    return {fmt::format("{} passed and free: --select free takes them", addresses(n))};
  }
  if (const std::size_t n = count(obstacle::not_scanned)) {
    return {
        fmt::format("{} without a result on every port: sweep again with -p {}, from every vantage",
                    addresses(n), ports),
        ""};
  }
  if (const std::size_t n = count(obstacle::not_asked)) {
    return {fmt::format("{} could not be asked by the scanning host: sweep again, slower (--rate)",
                        addresses(n)),
            " --rate 100"};
  }
  if (const std::size_t n = count(obstacle::too_hasty)) {
    return {fmt::format("{} silent for a timeout too short to tell free from blocked: sweep again "
                        "with --timeout 4s, then --select free",
                        addresses(n)),
            " --timeout 4s"};
  }
  if (const std::size_t n = count(obstacle::unclear)) {
    return {
        fmt::format("{} with an answer that may be a firewall's, which its scanner does not tell: "
                    "sweep again with netscan",
                    addresses(n)),
        " --timeout 4s"};
  }
  if (const std::size_t n = count(obstacle::tarpit)) {
    return {
        fmt::format("{} open where everything looks open: --select open takes those of them "
                    "that --ours names, with --allow-tarpit all",
                    addresses(n))};
  }
  if (const std::size_t n = count(candidate_kind::open)) {
    return {fmt::format("{} open, so in use: if they are yours, --select open takes them",
                        addresses(n))};
  }
  if (const std::size_t n = count(candidate_kind::closed)) {
    return {fmt::format("{} passed but in use: if they are yours, --select passable takes them",
                        addresses(n))};
  }
  if (count(obstacle::blocked) + count(obstacle::silent) > 0) {
    return {"have the firewall let an address through, or sweep another subnet"};
  }
  return {"every address in the scans is excluded or has a role in the network: sweep more"};
}

/// The first client's sweep once more.
std::string sweep_command(std::span<const scan_results> clients, const std::string& ports,
                          const std::string& flags) {
  const scan_header& header = clients.front().header;
  std::string command = "netscan sweep";
  for (const std::string& target : header.targets) command += ' ' + shell_word(target);
  if (header.targets.empty()) command += " SUBNET";
  command += " -p " + ports;
  if (!header.vantage.empty()) command += " --vantage " + shell_word(header.vantage);
  return command + flags + " -o " +
         shell_word((header.vantage.empty() ? "client" : header.vantage) + ".ndjson");
}

}  // namespace

std::string advise(std::span<const verdict> verdicts, std::span<const scan_results> clients,
                   const candidate_options& options) {
  const std::string ports = to_string(options.ports);
  if (verdicts.empty()) {
    return fmt::format("no client scan has a record: run netscan sweep SUBNET -p {} on the client",
                       ports);
  }
  const step next = next_step(tally{verdicts}, ports);
  std::string text = fmt::format("none of {} is {} on {}; {}", addresses(verdicts.size()),
                                 wanted(options.selection), ports, next.text);
  if (next.sweep_flags) text += "; next: " + sweep_command(clients, ports, *next.sweep_flags);
  return text;
}

}  // namespace netscan::detail
