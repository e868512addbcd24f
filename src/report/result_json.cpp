#include "result_json.hpp"

#include <fmt/format.h>

#include <cmath>

#include "json_list.hpp"

namespace netscan::detail {
namespace {

/// A number as JSON has it, which knows no NaN, and with a point, so that a reader that tells
/// integers from fractions always sees the same type.
std::string fraction_text(double value) {
  std::string text = fmt::format("{}", std::isfinite(value) ? value : 0.0);
  if (text.find_first_of(".e") == text.npos) text += ".0";
  return text;
}

void append_texts(line_buffer& out, const std::vector<std::string>& texts) {
  append_json_list(out, texts, [&](const std::string& text) { append_json_string(out, text); });
}

void append_limits(line_buffer& out, const host_limits& limits) {
  out << R"(,"host_limits":{"descriptors":)" << limits.descriptors;
  const auto append = [&](std::string_view name, const std::optional<std::uint64_t>& value) {
    if (value) out << ",\"" << name << "\":" << *value;
  };
  append("local_ports", limits.local_ports);
  append("neighbors", limits.neighbors);
  append("conntrack_max", limits.conntrack_max);
  append("conntrack_used", limits.conntrack_used);
  append("memory_kib", limits.memory_kib);
  out << '}';
}

host_limits read_limits(json_fields fields) {
  host_limits limits;
  limits.descriptors = fields.number("descriptors");
  const auto read = [&](std::string_view name, std::optional<std::uint64_t>& value) {
    if (fields.has(name)) value = fields.number(name);
  };
  read("local_ports", limits.local_ports);
  read("neighbors", limits.neighbors);
  read("conntrack_max", limits.conntrack_max);
  read("conntrack_used", limits.conntrack_used);
  read("memory_kib", limits.memory_kib);
  return limits;
}

}  // namespace

void append_scan_record(line_buffer& out, const scan_header& h, time_text& time) {
  out << R"({"type":"scan","version":)";
  append_json_string(out, h.version);
  if (h.is_foreign()) {
    out << R"(,"scanner":)";
    append_json_string(out, h.scanner);
  }
  out << R"(,"vantage":)";
  append_json_string(out, h.vantage);
  out << R"(,"start":")" << time(h.start) << R"(","sources":)";
  append_json_list(out, h.sources, [&](const source_address& s) { append_source(out, s); });
  out << R"(,"gateways":)";
  append_addresses(out, h.gateways);
  out << R"(,"targets":)";
  append_texts(out, h.targets);
  out << R"(,"exclude":)";
  append_texts(out, h.exclude);
  out << R"(,"ports":)";
  append_json_string(out, h.ports);
  out << R"(,"addresses":)" << h.addresses << R"(,"planned":)" << h.planned << R"(,"seed":)"
      << h.seed << R"(,"order":)";
  append_json_string(out, h.order);
  out << R"(,"shard":{"index":)" << h.shard_index << R"(,"count":)" << h.shard_count
      << R"(},"plan_hash":)";
  append_json_string(out, h.plan_hash);
  out << R"(,"options":{"timing":)";
  append_json_string(out, h.timing);
  out << R"(,"timeout_ms":)" << h.timeout_ms << R"(,"retries":)" << h.retries << R"(,"rate":)"
      << h.rate << R"(,"concurrency":)" << h.concurrency << R"(,"threads":)" << h.threads
      << R"(,"per_address":)" << h.per_address << R"(,"per_network":)" << h.per_network << '}';
  if (h.limits) append_limits(out, *h.limits);
  if (h.by_errno) out << R"(,"by_errno":true)";
  out << '}';
}

void append_summary_record(line_buffer& out, const scan_summary& s) {
  out << R"({"type":"summary","planned":)" << s.planned << R"(,"open":)" << s.open
      << R"(,"closed":)" << s.closed << R"(,"filtered":)" << s.filtered << R"(,"error":)" << s.error
      << R"(,"skipped":)" << s.skipped << R"(,"not_started":)" << s.not_started << R"(,"syns":)"
      << s.syns << R"(,"duration_ms":)" << s.duration_ms << R"(,"loss_estimate":)"
      << fraction_text(s.loss_estimate) << R"(,"complete":)"
      << std::string_view(s.complete ? "true" : "false") << '}';
}

scan_header read_scan_record(json_fields fields) {
  scan_header h;
  h.version = fields.text("version");
  if (fields.has("scanner")) h.scanner = fields.text("scanner");
  h.vantage = fields.text("vantage");
  h.start = fields.time("start");
  for (json_fields source : fields.objects("sources")) {
    h.sources.push_back({source.address("address"),
                         source.number_as<std::uint8_t>("prefix", 0, 128),
                         std::string(source.text("interface"))});
  }
  h.gateways = fields.addresses("gateways");
  h.targets = fields.texts("targets");
  h.exclude = fields.texts("exclude");
  h.ports = fields.text("ports");
  h.addresses = fields.number("addresses");
  h.planned = fields.number("planned");
  h.seed = fields.number("seed");
  h.order = fields.text("order");
  json_fields shard = fields.object("shard");
  h.shard_index = shard.number("index", 1);
  h.shard_count = shard.number("count", 1);
  h.plan_hash = fields.text("plan_hash");
  json_fields options = fields.object("options");
  h.timing = options.text("timing");
  h.timeout_ms = options.number_as<std::uint32_t>("timeout_ms");
  h.retries = options.number_as<std::uint32_t>("retries");
  h.rate = options.number("rate");
  h.concurrency = options.number_as<std::uint32_t>("concurrency");
  h.threads = options.number_as<std::uint32_t>("threads");
  // Not in files of the first versions.
  if (options.has("per_address")) h.per_address = options.number_as<std::uint32_t>("per_address");
  if (options.has("per_network")) h.per_network = options.number_as<std::uint32_t>("per_network");
  if (fields.has("host_limits")) h.limits = read_limits(fields.object("host_limits"));
  if (fields.has("by_errno")) h.by_errno = fields.boolean("by_errno");
  return h;
}

scan_summary read_summary_record(json_fields fields) {
  scan_summary s;
  s.planned = fields.number("planned");
  s.open = fields.number("open");
  s.closed = fields.number("closed");
  s.filtered = fields.number("filtered");
  s.error = fields.number("error");
  s.skipped = fields.number("skipped");
  s.not_started = fields.number("not_started");
  s.syns = fields.number("syns");
  s.duration_ms = fields.number("duration_ms");
  s.loss_estimate = fields.fraction("loss_estimate");
  s.complete = fields.boolean("complete");
  return s;
}

}  // namespace netscan::detail
