#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <new>
#include <utility>

#include <boost/json/monotonic_resource.hpp>
#include <boost/json/parser.hpp>

#include "check_json.hpp"
#include "json_fields.hpp"
#include "limited_resource.hpp"
#include "netscan/report/reader.hpp"
#include "netscan/target/printable.hpp"
#include "netscan/target/status.hpp"
#include "probe_json.hpp"
#include "trace_json.hpp"

namespace netscan {
namespace {

namespace json = boost::json;
using detail::json_fields;

// A record is a few hundred bytes; the header of a scan names its targets, and may be long.
constexpr std::size_t longest_line = 64U << 20;
constexpr std::size_t longest_record = 1U << 20;
constexpr std::size_t deepest_nesting = 8;
// For what one line is parsed into: some million targets written one by one.
constexpr std::size_t most_memory = 256U << 20;

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
  // Not in files of the first versions.
  if (options.has("per_address")) h.per_address = options.number_as<std::uint32_t>("per_address");
  if (options.has("per_network")) h.per_network = options.number_as<std::uint32_t>("per_network");
  if (fields.has("host_limits")) h.limits = read_limits(fields.object("host_limits"));
  return h;
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

/// Takes JSON apart, a line at a time, in memory that is used again for the next line.
class line_parser {
 public:
  line_parser() : heap_(most_memory), parser_(&heap_, options()) {}

  /// The line's value, which lives until the next call. Errors: what is wrong with the line.
  const json::value* parse(std::string_view line, std::string& problem) {
    value_.reset();
    lines_.release();
    parser_.reset(&lines_);
    is_json_ = true;
    boost::system::error_code error;
    std::size_t end = 0;
    try {
      end = parser_.write(line.data(), line.size(), error);
      if (!error) return &value_.emplace(parser_.release());
    } catch (const std::bad_alloc&) {
      problem = "takes too much memory";
      return nullptr;
    }
    is_json_ = false;
    problem = fmt::format("not a line of JSON: {} at character {}", error.message(), end + 1);
    return nullptr;
  }

  /// False when the last line was not JSON, which is what a line becomes when it is cut off.
  bool is_json() const noexcept { return is_json_; }

 private:
  static json::parse_options options() {
    json::parse_options options;
    options.max_depth = deepest_nesting;
    return options;
  }

  detail::limited_resource heap_;
  std::array<unsigned char, 4096> buffer_{};  // enough for a record, so that none allocates
  json::monotonic_resource lines_{buffer_.data(), buffer_.size(), &heap_};
  json::parser parser_;
  std::optional<json::value> value_;
  bool is_json_ = true;
};

/// Builds up what a file holds from its lines.
class ndjson_reader {
 public:
  /// Hands the probes to `visit`, if there is one, instead of keeping them.
  explicit ndjson_reader(std::string name, const probe_visitor* visit = nullptr)
      : name_(std::move(name)), visit_(visit) {}

  /// Takes all lines of `text` that have an end, and drops them from it.
  absl::Status take_lines(std::string_view& text) {
    for (std::size_t end = text.find('\n'); end != text.npos; end = text.find('\n')) {
      std::string problem = take(text.substr(0, end));
      if (!problem.empty()) return error(problem);
      text.remove_prefix(end + 1);
    }
    if (text.size() <= longest_line) return absl::OkStatus();
    ++number_;
    return error(too_long);
  }

  /// Takes the last line, which has no end: its writer may have been killed in the middle of it.
  /// The beginning of a JSON object is never JSON itself, so nothing wrong is read from it.
  absl::Status take_last(std::string_view line) {
    std::string problem = take(line);
    if (problem.empty()) return absl::OkStatus();
    if (parser_.is_json()) return error(problem);
    file_.notices.push_back(fmt::format(
        "{}:{}: the last line is cut off and left out; its writer was stopped in the middle", name_,
        number_));
    return absl::OkStatus();
  }

  absl::StatusOr<results_file> finish() && {
    if (file_.scans.empty() && file_.checks.empty() && file_.traces.empty()) {
      return invalid_argument("{}: holds no results", name_);
    }
    return std::move(file_);
  }

 private:
  static constexpr std::string_view too_long = "longer than any record";

  absl::Status error(std::string_view problem) const {
    return invalid_argument("{}:{}: {}", name_, number_, problem);
  }

  /// Takes one line, without its end. Errors: what is wrong with it, without the place.
  std::string take(std::string_view line) {
    ++number_;
    if (line.find_first_not_of(" \t\r") == line.npos) return {};
    if (line.size() > longest_line) return std::string(too_long);
    std::string problem;
    const json::value* const value = parser_.parse(line, problem);
    if (value == nullptr) return problem;
    if (!value->is_object()) return "not a JSON object";

    json_fields fields(value->get_object(), problem);
    const std::string_view type = fields.text("type");
    if (type == "scan") {
      file_.scans.push_back({name_, read_header(fields), {}, std::nullopt});
    } else if (line.size() > longest_record) {
      return std::string(too_long);
    } else if (type == "check") {
      file_.checks.push_back(detail::read_check(fields));
    } else if (type == "trace") {
      file_.traces.push_back(detail::read_trace(fields));
    } else if (type == "probe" || type == "summary") {
      if (file_.scans.empty()) return fmt::format("a {} record before any scan record", type);
      take_result(type, fields, problem);
    }
    return problem;
  }

  void take_result(std::string_view type, json_fields fields, std::string& problem) {
    scan_results& scan = file_.scans.back();
    if (type == "summary") {
      scan.summary = read_summary(fields);
    } else if (fields.text("vantage") != scan.header.vantage) {
      fields.complain(
          "vantage", fmt::format("'{}' as in the scan record", printable(scan.header.vantage, 60)));
    } else if (const probe_record record = detail::read_probe(fields); visit_ == nullptr) {
      scan.probes.push_back(record);
    } else if (!fields.failed()) {
      problem = (*visit_)(file_.scans.size() - 1, scan.header, record);
    }
  }

  std::string name_;
  const probe_visitor* visit_;
  std::size_t number_ = 0;
  results_file file_;
  line_parser parser_;
};

/// The bytes of a descriptor that are not yet taken. It holds a line and a piece, never the file.
class chunk_buffer {
 public:
  std::string_view view() const noexcept { return {bytes_.data() + begin_, end_ - begin_}; }

  /// Keeps only the last `size` bytes.
  void keep(std::size_t size) noexcept { begin_ = end_ - size; }

  /// Reads more behind them. Returns the number of bytes read, 0 at the end. Errors: an errno.
  ssize_t read_from(int fd) {
    if (begin_ != 0) {
      std::copy(bytes_.data() + begin_, bytes_.data() + end_, bytes_.data());
      end_ -= std::exchange(begin_, 0);
    }
    if (bytes_.size() - end_ < piece) bytes_.resize(std::max(2 * bytes_.size(), end_ + piece));
    for (;;) {
      const ssize_t count = ::read(fd, bytes_.data() + end_, bytes_.size() - end_);
      if (count >= 0) end_ += static_cast<std::size_t>(count);
      if (count >= 0 || (errno != EINTR && errno != EAGAIN)) return count;
      pollfd wait{fd, POLLIN, 0};
      if (errno == EAGAIN) ::poll(&wait, 1, -1);
    }
  }

 private:
  static constexpr std::size_t piece = 256U << 10;

  std::vector<char> bytes_;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
};

/// Reads all of a descriptor. `name` is for messages.
absl::StatusOr<results_file> read_descriptor(int fd, const std::string& name,
                                             const probe_visitor* visit) {
  ndjson_reader reader(name, visit);
  chunk_buffer chunks;
  for (;;) {
    const ssize_t count = chunks.read_from(fd);
    if (count < 0) return absl::ErrnoToStatus(errno, fmt::format("cannot read '{}'", name));
    std::string_view text = chunks.view();
    absl::Status status = count > 0 ? reader.take_lines(text) : reader.take_last(text);
    if (!status.ok()) return status;
    if (count == 0) return std::move(reader).finish();
    chunks.keep(text.size());
  }
}

absl::StatusOr<results_file> read_file(const std::string& path, const probe_visitor* visit) {
  if (path == "-") return read_descriptor(STDIN_FILENO, "standard input", visit);
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return absl::ErrnoToStatus(errno, fmt::format("cannot read '{}'", path));
  absl::StatusOr<results_file> file = read_descriptor(fd, path, visit);
  ::close(fd);
  return file;
}

}  // namespace

absl::StatusOr<results_file> parse_ndjson(std::string_view text, std::string_view name) {
  ndjson_reader reader{std::string(name)};
  absl::Status status = reader.take_lines(text);
  if (status.ok()) status = reader.take_last(text);
  if (!status.ok()) return status;
  return std::move(reader).finish();
}

absl::StatusOr<results_file> read_results(const std::string& path) {
  return read_file(path, nullptr);
}

absl::StatusOr<results_file> read_results(const std::string& path, const probe_visitor& visit) {
  return read_file(path, &visit);
}

}  // namespace netscan
