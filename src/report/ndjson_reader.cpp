#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <charconv>

#include <boost/json/monotonic_resource.hpp>
#include <boost/json/parser.hpp>

#include "error_name.hpp"
#include "json_fields.hpp"
#include "netscan/report/reader.hpp"
#include "netscan/target/status.hpp"

namespace netscan {
namespace {

namespace json = boost::json;
using detail::json_fields;

// A record is a few hundred bytes; the header of a scan names its targets, and may be long.
constexpr std::size_t longest_line = 64U << 20;
constexpr std::size_t deepest_nesting = 8;

scan_header read_header(json_fields fields) {
  scan_header h;
  h.version = fields.text("version");
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
  return h;
}

int read_errno(json_fields& fields) {
  const std::string_view text = fields.text("errno");
  if (const auto number = detail::parse_error_name(text)) return *number;
  int number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error == std::errc() && end == text.data() + text.size() && number > 0) return number;
  fields.complain("errno", "the name of an error such as ENETUNREACH");
  return 0;
}

probe_record read_probe(json_fields fields) {
  probe_record r;
  r.ip = fields.address("ip");
  r.port = fields.number_as<std::uint16_t>("port", 1);
  const std::optional<probe_reason> reason = parse_probe_reason(fields.text("reason"));
  if (!reason) fields.complain("reason", "a reason such as syn-ack or no-response");
  r.reason = reason.value_or(probe_reason::no_response);
  if (parse_probe_state(fields.text("state")) != r.state()) {
    fields.complain("state", fmt::format("{}, which is what {} means", to_string(r.state()),
                                         to_string(r.reason)));
  }
  if (r.reason == probe_reason::local_error) r.local_errno = read_errno(fields);
  if (fields.has("icmp")) {
    json_fields icmp = fields.object("icmp");
    r.icmp = icmp_evidence{icmp.number_as<std::uint8_t>("type"),
                           icmp.number_as<std::uint8_t>("code"), icmp.address("from")};
  }
  if (fields.has("rtt_us")) r.rtt_us = fields.number_as<std::uint32_t>("rtt_us");
  r.attempts = fields.number_as<std::uint16_t>("attempts");
  r.time = fields.time("time");
  return r;
}

scan_summary read_summary(json_fields fields) {
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

class ndjson_reader {
 public:
  explicit ndjson_reader(std::string_view name) : name_(name) {}

  /// Takes one line, without its end. Errors: what is wrong with it, without the place.
  std::string take(std::string_view line) {
    json::monotonic_resource memory(buffer_.data(), buffer_.size());
    json::parse_options options;
    options.max_depth = deepest_nesting;
    json::parser parser(&memory, options);
    boost::system::error_code error;
    parser.write(line.data(), line.size(), error);
    if (error) return fmt::format("not a line of JSON: {}", error.message());
    const json::value value = parser.release();
    if (!value.is_object()) return "not a JSON object";

    std::string problem;
    json_fields fields(value.get_object(), problem);
    const std::string_view type = fields.text("type");
    if (type == "scan") {
      file_.scans.push_back({std::string(name_), read_header(fields), {}, std::nullopt});
    } else if (type == "probe" || type == "summary") {
      if (file_.scans.empty()) return fmt::format("a {} record before any scan record", type);
      take_result(type, fields);
    }
    return problem;
  }

  void notice(std::string text) { file_.notices.push_back(std::move(text)); }
  results_file finish() && { return std::move(file_); }

 private:
  void take_result(std::string_view type, json_fields fields) {
    scan_results& scan = file_.scans.back();
    if (type == "summary") {
      scan.summary = read_summary(fields);
    } else if (fields.text("vantage") != scan.header.vantage) {
      fields.complain("vantage", fmt::format("'{}' as in the scan record", scan.header.vantage));
    } else {
      scan.probes.push_back(read_probe(fields));
    }
  }

  std::string_view name_;
  results_file file_;
  std::array<unsigned char, 4096> buffer_;  // enough for a record, so that none allocates
};

/// Reads all of a descriptor, and closes it.
absl::StatusOr<std::string> read_all(int fd, const std::string& path) {
  std::string text;
  std::array<char, 65536> chunk;
  for (;;) {
    const ssize_t count = ::read(fd, chunk.data(), chunk.size());
    if (count < 0 && errno == EINTR) continue;
    if (count > 0) {
      text.append(chunk.data(), static_cast<std::size_t>(count));
      continue;
    }
    const int error = count < 0 ? errno : 0;
    if (fd != STDIN_FILENO) ::close(fd);
    if (error != 0) return absl::ErrnoToStatus(error, fmt::format("cannot read '{}'", path));
    return text;
  }
}

}  // namespace

absl::StatusOr<results_file> parse_ndjson(std::string_view text, std::string_view name) {
  ndjson_reader reader(name);
  for (std::size_t number = 1; !text.empty(); ++number) {
    const std::size_t end = text.find('\n');
    const bool whole = end != text.npos;
    std::string_view line = text.substr(0, end);
    text.remove_prefix(whole ? end + 1 : text.size());
    if (line.find_first_not_of(" \t\r") == line.npos) continue;
    std::string problem = line.size() > longest_line ? "longer than any record" : reader.take(line);
    if (problem.empty()) continue;
    if (whole) return invalid_argument("{}:{}: {}", name, number, problem);
    reader.notice(fmt::format(
        "{}:{}: the last line is cut off and left out; its writer was stopped in the middle", name,
        number));
  }
  results_file file = std::move(reader).finish();
  if (file.scans.empty()) return invalid_argument("{}: holds no scan record", name);
  return file;
}

absl::StatusOr<results_file> read_results(const std::string& path) {
  int fd = STDIN_FILENO;
  if (path != "-") {
    fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (fd < 0) return absl::ErrnoToStatus(errno, fmt::format("cannot read '{}'", path));
  }
  absl::StatusOr<std::string> text = read_all(fd, path);
  if (!text.ok()) return text.status();
  return parse_ndjson(*text, path == "-" ? "standard input" : path);
}

}  // namespace netscan
