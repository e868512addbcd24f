#include "journal_text.hpp"

#include <absl/strings/escaping.h>
#include <absl/strings/numbers.h>
#include <fmt/format.h>

#include <limits>
#include <map>

#include "netscan/scan/header.hpp"
#include "netscan/target/status.hpp"

namespace netscan::detail {
namespace {

std::int64_t milliseconds_of(timestamp time) {
  return time.time_since_epoch().count();
}

/// Adds lines to a text.
class line_writer {
 public:
  explicit line_writer(std::string& out) : out_(out) {}

  void add(std::string_view name, const std::string& value) {
    fmt::format_to(std::back_inserter(out_), "{} {}\n", name, absl::CEscape(value));
  }
  void add(std::string_view name, std::string_view value) { add(name, std::string(value)); }
  template <typename Number>
  requires std::is_arithmetic_v<Number>
  void add(std::string_view name, Number number) {
    fmt::format_to(std::back_inserter(out_), "{} {}\n", name, number);
  }
  void add(const std::vector<source_address>& sources) {
    for (const source_address& source : sources) {
      add("source", fmt::format("{} {} {}", source.address, source.prefix, source.interface));
    }
  }
  void add(std::string_view name, const std::optional<std::uint64_t>& number) {
    if (number) add(name, *number);
  }
  void add(const host_limits& limits) {
    add("limit_descriptors", limits.descriptors);
    add("limit_local_ports", limits.local_ports);
    add("limit_neighbors", limits.neighbors);
    add("limit_conntrack_max", limits.conntrack_max);
    add("limit_conntrack_used", limits.conntrack_used);
    add("limit_memory_kib", limits.memory_kib);
  }
  void add(const std::vector<ip_address>& gateways) {
    for (const ip_address& gateway : gateways) add("gateway", to_string(gateway));
  }

 private:
  std::string& out_;
};

/// Takes a text apart into its lines. The first that is missing or wrong is remembered, and all
/// reads go on with default values, so that what reads is a plain list.
class line_reader {
 public:
  explicit line_reader(std::string_view text) {
    while (!text.empty()) {
      const std::string_view line = text.substr(0, text.find('\n'));
      text.remove_prefix(std::min(text.size(), line.size() + 1));
      const std::size_t space = std::min(line.find(' '), line.size());
      std::string value;
      const std::string escaped(line.substr(std::min(line.size(), space + 1)));
      if (!absl::CUnescape(escaped, &value)) complain(line.substr(0, space));
      values_[std::string(line.substr(0, space))].push_back(std::move(value));
    }
  }

  const std::vector<std::string>& texts(const std::string& name) { return values_[name]; }

  std::string text(const std::string& name) {
    const std::vector<std::string>& values = values_[name];
    if (values.size() == 1) return values.front();
    complain(name);
    return {};
  }

  template <typename Number = std::uint64_t>
  Number number(const std::string& name) {
    std::uint64_t value = 0;
    if (!absl::SimpleAtoi(text(name), &value) || value > std::numeric_limits<Number>::max()) {
      complain(name);
    }
    return static_cast<Number>(value);
  }

  timestamp time(const std::string& name) {
    std::int64_t value = 0;
    if (!absl::SimpleAtoi(text(name), &value)) complain(name);
    return timestamp(std::chrono::milliseconds(value));
  }

  /// The value of an absl::StatusOr or a std::optional, or what stands for none.
  template <typename Result>
  auto value_of(const Result& parsed, std::string_view name) {
    const bool has_value = static_cast<bool>(status_of(parsed));
    if (!has_value) complain(name);
    return has_value ? *parsed : std::decay_t<decltype(*parsed)>();
  }

  std::vector<source_address> sources() {
    std::vector<source_address> list;
    for (const std::string& text : texts("source")) {
      // An interface's name comes last, and may have anything in it.
      const std::size_t first = std::min(text.find(' '), text.size());
      const std::size_t second = std::min(text.find(' ', first + 1), text.size());
      source_address source;
      source.address =
          value_of(parse_ip_address(std::string_view(text).substr(0, first)), "source");
      unsigned prefix = 0;
      const bool has_prefix =
          second > first && absl::SimpleAtoi(text.substr(first + 1, second - first - 1), &prefix);
      if (!has_prefix || prefix > source.address.bit_length()) complain("source");
      source.prefix = static_cast<std::uint8_t>(prefix);
      if (second < text.size()) source.interface = text.substr(second + 1);
      list.push_back(std::move(source));
    }
    return list;
  }

  std::vector<ip_address> gateways() {
    std::vector<ip_address> list;
    for (const std::string& text : texts("gateway")) {
      list.push_back(value_of(parse_ip_address(text), "gateway"));
    }
    return list;
  }

  void complain(std::string_view name) {
    if (status_.ok()) status_ = invalid_argument("its '{}' is missing or wrong", excerpt(name));
  }
  const absl::Status& status() const { return status_; }

 private:
  template <typename T>
  static bool status_of(const absl::StatusOr<T>& parsed) {
    return parsed.ok();
  }
  template <typename T>
  static bool status_of(const std::optional<T>& parsed) {
    return parsed.has_value();
  }

  std::map<std::string, std::vector<std::string>> values_;
  absl::Status status_;
};

absl::StatusOr<address_range> parse_range(const std::string& text) {
  if (text.find('/') != text.npos) return parse_cidr(text);
  if (const auto address = parse_ip_address(text); address.ok()) {
    return address_range{*address, *address};
  }
  return parse_address_range(text);
}

std::optional<probe_order> parse_order(std::string_view text) {
  for (const probe_order order : {probe_order::permuted, probe_order::sequential}) {
    if (to_string(order) == text) return order;
  }
  return std::nullopt;
}

absl::StatusOr<plan> read_plan(line_reader& lines) {
  std::vector<address_range> ranges;
  for (const std::string& text : lines.texts("range")) {
    ranges.push_back(lines.value_of(parse_range(text), "range"));
  }
  plan_options options;
  options.seed = lines.number("seed");
  options.order = lines.value_of(parse_order(lines.text("order")), "order");
  options.shard = lines.value_of(parse_shard(lines.text("shard")), "shard");
  port_set ports = lines.value_of(parse_ports(lines.text("ports")), "ports");
  if (!lines.status().ok()) return lines.status();
  return plan::make(address_set::of(std::move(ranges)), std::move(ports), options);
}

scan_options read_options(line_reader& lines) {
  scan_options options;
  options.timeout = std::chrono::milliseconds(lines.number<std::uint32_t>("timeout_ms"));
  options.timing = lines.value_of(parse_timing(lines.text("timing")), "timing");
  options.retries = lines.number<unsigned>("retries");
  options.rate = lines.number("rate");
  options.concurrency = lines.number<std::uint32_t>("concurrency");
  options.per_address = lines.number<std::uint32_t>("per_address");
  options.per_network = lines.number<std::uint32_t>("per_network");
  options.threads = lines.number<unsigned>("threads");
  if (!validate(options).ok()) lines.complain("options");
  return options;
}

host_limits read_limits(line_reader& lines) {
  host_limits limits;
  limits.descriptors = lines.number("limit_descriptors");
  const auto read = [&](const std::string& name) {
    return lines.texts(name).empty() ? std::nullopt : std::optional(lines.number(name));
  };
  limits.local_ports = read("limit_local_ports");
  limits.neighbors = read("limit_neighbors");
  limits.conntrack_max = read("limit_conntrack_max");
  limits.conntrack_used = read("limit_conntrack_used");
  limits.memory_kib = read("limit_memory_kib");
  return limits;
}

scan_header read_header(line_reader& lines, const plan& plan, const scan_options& options) {
  scan_header h = describe_plan(plan, options);
  h.version = lines.text("version");
  h.vantage = lines.text("vantage");
  h.start = lines.time("start");
  h.sources = lines.sources();
  h.gateways = lines.gateways();
  h.targets = lines.texts("target");
  h.exclude = lines.texts("exclude");
  h.concurrency = lines.number<std::uint32_t>("in_flight");
  h.threads = lines.number<std::uint32_t>("threads_in_use");
  if (!lines.texts("limit_descriptors").empty()) h.limits = read_limits(lines);
  return h;
}

}  // namespace

void append_text(std::string& out, const journal_head& head) {
  const scan_header& h = head.header;
  const plan_options& planning = head.plan.options();
  line_writer lines(out);
  lines.add("version", h.version);
  lines.add("vantage", h.vantage);
  lines.add("start", milliseconds_of(h.start));
  lines.add(h.sources);
  lines.add(h.gateways);
  for (const std::string& target : h.targets) lines.add("target", target);
  for (const std::string& target : h.exclude) lines.add("exclude", target);
  for (const address_range& range : head.plan.targets().ranges()) {
    lines.add("range", to_string(range));
  }
  lines.add("ports", to_string(head.plan.ports()));
  lines.add("seed", planning.seed);
  lines.add("order", to_string(planning.order));
  lines.add("shard", fmt::format("{}/{}", planning.shard.index, planning.shard.count));
  lines.add("plan_hash", fmt::format("{:016x}", head.plan.hash()));
  lines.add("timing", to_string(head.options.timing));
  lines.add("timeout_ms", head.options.timeout.count());
  lines.add("retries", head.options.effective_retries());
  lines.add("rate", head.options.rate);
  lines.add("concurrency", head.options.concurrency);
  lines.add("in_flight", h.concurrency);
  lines.add("per_address", head.options.per_address);
  lines.add("per_network", head.options.per_network);
  lines.add("threads", head.options.threads);
  lines.add("threads_in_use", h.threads);
  if (h.limits) lines.add(*h.limits);
  for (const std::string& note : head.notes) lines.add("note", note);
}

absl::StatusOr<journal_head> parse_journal_head(std::string_view text) {
  line_reader lines(text);
  absl::StatusOr<plan> plan = read_plan(lines);
  if (!plan.ok()) return plan.status();
  const scan_options options = read_options(lines);
  scan_header header = read_header(lines, *plan, options);
  // Another hash would mean that this version numbers the plan's probes in another way.
  if (lines.text("plan_hash") != header.plan_hash) lines.complain("plan_hash");
  std::vector<std::string> notes = lines.texts("note");
  if (!lines.status().ok()) return lines.status();
  return journal_head{std::move(header), *std::move(plan), options, std::move(notes)};
}

void append_text(std::string& out, const journal_run& run) {
  line_writer lines(out);
  lines.add("start", milliseconds_of(run.start));
  lines.add(run.sources);
  lines.add(run.gateways);
}

absl::StatusOr<journal_run> parse_journal_run(std::string_view text) {
  line_reader lines(text);
  journal_run run{lines.time("start"), lines.sources(), lines.gateways()};
  if (!lines.status().ok()) return lines.status();
  return run;
}

void append_text(std::string& out, const scan_summary& s) {
  line_writer lines(out);
  lines.add("planned", s.planned);
  lines.add("open", s.open);
  lines.add("closed", s.closed);
  lines.add("filtered", s.filtered);
  lines.add("error", s.error);
  lines.add("skipped", s.skipped);
  lines.add("not_started", s.not_started);
  lines.add("syns", s.syns);
  lines.add("duration_ms", s.duration_ms);
  lines.add("loss_estimate", s.loss_estimate);
}

absl::StatusOr<scan_summary> parse_journal_end(std::string_view text) {
  line_reader lines(text);
  scan_summary s;
  s.planned = lines.number("planned");
  s.open = lines.number("open");
  s.closed = lines.number("closed");
  s.filtered = lines.number("filtered");
  s.error = lines.number("error");
  s.skipped = lines.number("skipped");
  s.not_started = lines.number("not_started");
  s.syns = lines.number("syns");
  s.duration_ms = lines.number("duration_ms");
  s.complete = s.not_started == 0;
  if (!absl::SimpleAtod(lines.text("loss_estimate"), &s.loss_estimate)) {
    lines.complain("loss_estimate");
  }
  if (!lines.status().ok()) return lines.status();
  return s;
}

}  // namespace netscan::detail
