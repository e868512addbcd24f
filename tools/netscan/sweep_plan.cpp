#include "sweep_plan.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <iterator>

#include "netscan/scan/header.hpp"
#include "netscan/scan/preflight.hpp"
#include "netscan/target/printable.hpp"

namespace netscan::cli {
namespace {

std::string limits_text(const host_limits& limits) {
  std::string text = fmt::format("this host    {} more files", limits.descriptors);
  const auto out = std::back_inserter(text);
  if (limits.local_ports) fmt::format_to(out, ", {} local ports", *limits.local_ports);
  if (limits.neighbors) fmt::format_to(out, ", {} neighbours", *limits.neighbors);
  if (limits.conntrack_max) {
    fmt::format_to(out, ", {} of {} connections tracked", limits.conntrack_used.value_or(0),
                   *limits.conntrack_max);
  }
  if (limits.memory_kib) fmt::format_to(out, ", {} MiB of memory", *limits.memory_kib / 1024);
  return text + '\n';
}

std::string limit_text(std::uint32_t most) {
  return most == 0 ? std::string("no limit") : fmt::format("{} at most", most);
}

}  // namespace

std::string plan_text(const prepared_sweep& sweep) {
  const scan_header& h = sweep.header;
  const scan_options& o = sweep.options;
  std::string text = fmt::format("targets      {}\n", fmt::join(h.targets, " "));
  const auto out = std::back_inserter(text);
  if (!h.exclude.empty()) fmt::format_to(out, "exclude      {}\n", fmt::join(h.exclude, " "));
  fmt::format_to(out, "addresses    {}\n", h.addresses);
  fmt::format_to(out, "ports        {}\n", h.ports);
  fmt::format_to(out, "probes       {}{}\n", h.planned,
                 h.shard_count > 1 ? fmt::format(" of {} (shard {}/{})", sweep.plan.total(),
                                                 h.shard_index, h.shard_count)
                                   : "");
  if (const std::uint64_t left = sweep.plan.size(); left != h.planned) {
    fmt::format_to(out, "to resume    {} probes are done, {} are left\n", h.planned - left, left);
  }
  fmt::format_to(out, "order        {}, seed {}\n", h.order, h.seed);
  fmt::format_to(out, "plan hash    {}\n", h.plan_hash);
  fmt::format_to(out, "timing       {}: timeout {} ms an attempt, {} retries\n", h.timing,
                 h.timeout_ms, h.retries);
  fmt::format_to(out, "rate         {}\n",
                 o.rate == 0 ? "no limit" : fmt::format("{} probes/s", o.rate));
  const unsigned threads = effective_threads(sweep.plan, o);
  fmt::format_to(out, "in flight    {} at most, {} thread{}\n",
                 effective_concurrency(sweep.plan, o), threads, threads == 1 ? "" : "s");
  fmt::format_to(out, "an address   {}\n", limit_text(o.per_address));
  fmt::format_to(out, "a network    {}, /24 or /64\n", limit_text(o.per_network));
  text += limits_text(read_host_limits());
  fmt::format_to(out, "vantage      {}\n", printable(h.vantage));
  for (const source_address& source : h.sources) {
    fmt::format_to(out, "source       {}/{} on {}\n", source.address, source.prefix,
                   source.interface);
  }
  if (h.sources.empty()) text += "source       no route to the targets\n";
  return text;
}

}  // namespace netscan::cli
