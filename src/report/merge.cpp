#include "netscan/report/merge.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <tuple>

#include "netscan/report/reader.hpp"
#include "netscan/target/plan.hpp"
#include "netscan/target/printable.hpp"
#include "netscan/target/status.hpp"
#include "netscan/target/target_list.hpp"
#include "record_sorter.hpp"

namespace netscan {
namespace {

using boost::system::error_code;

constexpr std::size_t most_shards_named = 8;

/// One scan of a file: a shard, or one of several runs of it.
struct merged_run {
  std::string source;
  scan_header header;
  std::optional<scan_summary> summary;
  std::uint64_t attempts = 0;
  timestamp last{};  // of its records

  timestamp end() const {
    if (!summary) return std::max(header.start, last);
    // A file may say anything, and a sum of times must not overflow.
    constexpr std::uint64_t most = std::uint64_t{1} << 50;
    return header.start + std::chrono::milliseconds(
                              static_cast<std::int64_t>(std::min(summary->duration_ms, most)));
  }
};

/// The number of probes of the whole plan, or what is wrong with what the header says of it.
absl::StatusOr<std::uint64_t> whole_plan_size(const merged_run& run) {
  const scan_header& h = run.header;
  const absl::StatusOr<port_set> ports = parse_ports(h.ports);
  if (!ports.ok()) return invalid_argument("{}: {}", run.source, message_of(ports.status()));
  const absl::uint128 total = absl::uint128(h.addresses) * ports->size();
  const bool is_shard = h.shard_index >= 1 && h.shard_index <= h.shard_count;
  if (!is_shard || total == 0 || total > absl::uint128(1) << 63) {
    return invalid_argument("{}: {} addresses and shard {}/{} make no plan", run.source,
                            h.addresses, h.shard_index, h.shard_count);
  }
  const std::uint64_t whole = absl::Uint128Low64(total);
  const std::uint64_t part =
      whole / h.shard_count + (h.shard_index <= whole % h.shard_count ? 1 : 0);
  if (part != h.planned) {
    return invalid_argument("{}: shard {}/{} of {} probes has {}, and {} are said to be planned",
                            run.source, h.shard_index, h.shard_count, whole, part, h.planned);
  }
  return whole;
}

/// The looser of two limits, of which 0 is none.
template <typename Number>
Number looser(Number a, Number b) {
  return a == 0 || b == 0 ? 0 : std::max(a, b);
}

/// The ports of two scans. Nothing when one does not say.
std::string ports_of_both(const std::string& a, const std::string& b) {
  if (a == b) return a;
  const absl::StatusOr<port_set> both = parse_ports(fmt::format("{},{}", a, b));
  return a.empty() || b.empty() || !both.ok() ? std::string() : to_string(*both);
}

/// The plan of a scan, as far as its header tells; nothing when names are among the targets.
std::optional<plan> plan_of(const scan_header& h) {
  const auto addresses = [](const std::vector<std::string>& texts) -> std::optional<address_set> {
    if (texts.empty()) return address_set();
    // No header has a file among its targets, but results may say anything.
    const bool reads_files = std::any_of(texts.begin(), texts.end(),
                                         [](const auto& text) { return text.starts_with('@'); });
    if (reads_files) return std::nullopt;
    absl::StatusOr<target_list> list = parse_targets(texts);
    if (!list.ok() || !list->names.empty()) return std::nullopt;
    return std::move(list->addresses);
  };
  const std::optional<address_set> targets = addresses(h.targets);
  const std::optional<address_set> exclude = addresses(h.exclude);
  const absl::StatusOr<port_set> ports = parse_ports(h.ports);
  if (!targets || !exclude || !ports.ok()) return std::nullopt;
  plan_options options{.seed = h.seed, .shard = {h.shard_index, h.shard_count}};
  options.order = h.order == to_string(probe_order::sequential) ? probe_order::sequential
                                                                : probe_order::permuted;
  absl::StatusOr<plan> plan = plan::make(*targets - *exclude, *ports, options);
  if (!plan.ok() || fmt::format("{:016x}", plan->hash()) != h.plan_hash) return std::nullopt;
  return *std::move(plan);
}

/// Other tools' files do not say what was to be asked.
bool says_its_plan(const scan_header& h) {
  return !h.plan_hash.empty();
}

/// Takes the records of one file, of one scan after the other.
class file_records {
 public:
  explicit file_records(detail::record_sorter& sorter) : sorter_(sorter) {}

  /// What is wrong with it, or nothing.
  std::string take(std::size_t scan, const scan_header& header, const probe_record& record) {
    if (scan >= runs_.size()) {
      runs_.resize(scan + 1);
      plan_ = says_its_plan(header) ? plan_of(header) : std::nullopt;
    }
    if (plan_ && !plan_->index_of({record.ip, record.port})) {
      return fmt::format("{} port {} is not of the scan's plan", record.ip, record.port);
    }
    runs_[scan].attempts += record.attempts;
    runs_[scan].last = std::max(runs_[scan].last, record.time);
    error_ = sorter_.add(record);
    return error_ ? "there is no room for it" : "";
  }

  /// Of the temporary file.
  error_code error() const noexcept { return error_; }

  /// A run for each scan of the file.
  std::vector<merged_run> runs(std::vector<scan_results>& scans) && {
    runs_.resize(scans.size());
    for (std::size_t i = 0; i < scans.size(); ++i) {
      runs_[i].source = scans[i].source;
      runs_[i].header = std::move(scans[i].header);
      runs_[i].summary = scans[i].summary;
    }
    return std::move(runs_);
  }

 private:
  detail::record_sorter& sorter_;
  std::vector<merged_run> runs_;
  std::optional<plan> plan_;  // of the last of them
  error_code error_;
};

/// What differs between two scans that are to be of one plan; empty when nothing does.
std::string plan_difference(const scan_header& a, const scan_header& b) {
  if (a.plan_hash == b.plan_hash && a.shard_count == b.shard_count) return {};
  const auto differ = [](std::string_view what, const auto& in_a, const auto& in_b) {
    return fmt::format("{} {} there and {} here", what, in_a, in_b);
  };
  const auto list = [](const std::vector<std::string>& texts) {
    return texts.empty() ? std::string("none") : excerpt(fmt::format("{}", fmt::join(texts, " ")));
  };
  if (a.ports != b.ports) return differ("ports are", excerpt(a.ports), excerpt(b.ports));
  if (a.seed != b.seed) return differ("the seed is", a.seed, b.seed);
  if (a.order != b.order) return differ("the order is", excerpt(a.order), excerpt(b.order));
  if (a.targets != b.targets) return differ("targets are", list(a.targets), list(b.targets));
  if (a.exclude != b.exclude) return differ("excluded are", list(a.exclude), list(b.exclude));
  if (a.plan_hash == b.plan_hash) {
    return differ("the number of shards is", a.shard_count, b.shard_count);
  }
  return "names among the targets had other addresses";
}

/// What differs between two scans of which one at least does not say its plan.
std::string scanner_difference(const scan_header& a, const scan_header& b) {
  if (says_its_plan(a) != says_its_plan(b)) {
    const scan_header& silent = says_its_plan(a) ? b : a;
    return fmt::format(
        "the scan of {} does not say what it was to ask (targets, ports, seed), and is merged only "
        "with others that do not",
        made_by(excerpt(silent.scanner), excerpt(silent.version)));
  }
  if (a.scanner != b.scanner) {
    return fmt::format("the scanner is {} there and {} here", excerpt(a.scanner),
                       excerpt(b.scanner));
  }
  if (a.by_errno == b.by_errno) return {};
  constexpr std::string_view kinds[] = {"packets (-sS)", "connect() (-sT)"};
  return fmt::format(
      "it scanned by {} there and by {} here, which do not mean the same by a port "
      "that is closed",
      kinds[a.by_errno ? 1 : 0], kinds[b.by_errno ? 1 : 0]);
}

/// Likewise for what decides how long silence was listened to, which readers go by.
std::string option_difference(const scan_header& a, const scan_header& b) {
  const auto differ = [](std::string_view what, const auto& in_a, const auto& in_b) {
    return in_a == in_b ? std::string() : fmt::format("{} {} there and {} here", what, in_a, in_b);
  };
  std::string difference = differ("the timeout in ms is", a.timeout_ms, b.timeout_ms);
  if (difference.empty()) difference = differ("the timing is", a.timing, b.timing);
  if (difference.empty()) difference = differ("the number of retries is", a.retries, b.retries);
  return difference;
}

}  // namespace

struct result_merger::implementation {
  explicit implementation(merge_options the_options)
      : options(std::move(the_options)), sorter(options.records_in_memory) {}

  absl::Status belongs(const merged_run& run) const;
  std::uint64_t skipped() const;
  std::uint64_t duration_ms() const;
  bool have_plan() const { return !runs.empty() && says_its_plan(runs.front().header); }

  merge_options options;
  detail::record_sorter sorter;
  std::vector<merged_run> runs;
  std::uint64_t planned = 0;
  bool has_cut_off_file = false;
  scan_summary counts;
  std::vector<std::string> notices;
};

absl::Status result_merger::implementation::belongs(const merged_run& run) const {
  if (runs.empty()) return absl::OkStatus();
  const merged_run& first = runs.front();
  const auto refuse = [&](std::string_view why) {
    return invalid_argument("{} does not belong to {}: {}", run.source, first.source, why);
  };
  const bool have_plans = says_its_plan(first.header) && says_its_plan(run.header);
  std::string why = have_plans ? plan_difference(first.header, run.header)
                               : scanner_difference(first.header, run.header);
  if (why.empty()) why = option_difference(first.header, run.header);
  if (!why.empty()) return refuse(why);
  if (!options.vantage && run.header.vantage != first.header.vantage) {
    return refuse(
        fmt::format("the vantage is {} there and {} here (a name for both makes them one)",
                    excerpt(first.header.vantage), excerpt(run.header.vantage)));
  }
  return absl::OkStatus();
}

std::uint64_t result_merger::implementation::skipped() const {
  // Runs of the same shard skip the same. One that was stopped may not have come to all of them.
  std::map<std::uint64_t, std::uint64_t> of_shard;
  for (const merged_run& run : runs) {
    if (!run.summary) continue;
    std::uint64_t& most = of_shard[run.header.shard_index];
    most = std::max(most, run.summary->skipped);
  }
  std::uint64_t sum = 0;
  for (const auto& [shard, skipped] : of_shard) sum += skipped;
  return planned > counts.ended() ? std::min(sum, planned - counts.ended()) : 0;
}

std::uint64_t result_merger::implementation::duration_ms() const {
  std::vector<std::pair<timestamp, timestamp>> times;
  times.reserve(runs.size());
  for (const merged_run& run : runs) times.emplace_back(run.header.start, run.end());
  std::sort(times.begin(), times.end());
  std::chrono::milliseconds sum{};
  timestamp until = timestamp::min();
  for (const auto& [start, end] : times) {
    if (end > until) sum += end - std::max(start, until);
    until = std::max(until, end);
  }
  return static_cast<std::uint64_t>(sum.count());
}

result_merger::result_merger(merge_options options)
    : implementation_(std::make_unique<implementation>(std::move(options))) {}
result_merger::result_merger(result_merger&&) noexcept = default;
result_merger& result_merger::operator=(result_merger&&) noexcept = default;
result_merger::~result_merger() = default;

absl::Status result_merger::add(const std::string& path) {
  file_records records(implementation_->sorter);
  absl::StatusOr<results_file> file = read_results(
      path, [&](std::size_t scan, const scan_header& header, const probe_record& record) {
        return records.take(scan, header, record);
      });
  if (records.error()) return detail::no_room(records.error());
  if (!file.ok()) return file.status();
  if (file->scans.empty()) return invalid_argument("{}: holds no scan", path);
  implementation_->has_cut_off_file |= file->is_cut_off;
  std::move(file->notices.begin(), file->notices.end(),
            std::back_inserter(implementation_->notices));
  for (merged_run& run : std::move(records).runs(file->scans)) {
    if (absl::Status status = implementation_->belongs(run); !status.ok()) return status;
    if (says_its_plan(run.header)) {
      const absl::StatusOr<std::uint64_t> planned = whole_plan_size(run);
      if (!planned.ok()) return planned.status();
      implementation_->planned = *planned;
    }
    implementation_->runs.push_back(std::move(run));
  }
  return absl::OkStatus();
}

absl::StatusOr<scan_header> result_merger::header() const {
  std::vector<const merged_run*> runs;
  for (const merged_run& run : implementation_->runs) runs.push_back(&run);
  if (runs.empty()) return absl::InvalidArgumentError("there are no results to merge");
  // Whatever the order of the files.
  std::sort(runs.begin(), runs.end(), [](const merged_run* a, const merged_run* b) {
    return std::tie(a->header.shard_index, a->header.start) <
           std::tie(b->header.shard_index, b->header.start);
  });
  scan_header whole = runs.front()->header;
  for (const merged_run* run : runs) {
    const scan_header& h = run->header;
    whole.start = std::min(whole.start, h.start);
    add_place(whole, h.sources, h.gateways);
    whole.rate = looser(whole.rate, h.rate);
    whole.per_address = looser(whole.per_address, h.per_address);
    whole.per_network = looser(whole.per_network, h.per_network);
    whole.concurrency = std::max(whole.concurrency, h.concurrency);
    whole.threads = std::max(whole.threads, h.threads);
    if (whole.limits != h.limits) whole.limits.reset();
    if (whole.version != h.version) whole.version.clear();
    whole.ports = ports_of_both(whole.ports, h.ports);
  }
  if (implementation_->options.vantage) whole.vantage = *implementation_->options.vantage;
  whole.planned = implementation_->planned;
  whole.shard_index = whole.shard_count = 1;
  return whole;
}

error_code result_merger::hand_out(const sink& sink) {
  return implementation_->sorter.hand_out([&](std::span<const probe_record> records) {
    for (const probe_record& record : records) count(implementation_->counts, record);
    return sink(records);
  });
}

scan_summary result_merger::summary() const {
  scan_summary loss;
  scan_summary whole = implementation_->counts;
  for (const merged_run& run : implementation_->runs) {
    if (run.summary) netscan::add(loss, *run.summary);
    if (run.header.is_foreign()) continue;  // others do not say how often they asked
    whole.syns += run.summary ? run.summary->syns : run.attempts;
  }
  // More records than probes: some are of other plans, and then others may be missing. Without any
  // plan nothing is known to be complete.
  const bool has_strangers = whole.ended() > implementation_->planned;
  whole.planned = has_strangers ? whole.ended() : implementation_->planned;
  whole.skipped = implementation_->skipped();
  whole.not_started = whole.planned - whole.ended() - whole.skipped;
  whole.duration_ms = implementation_->duration_ms();
  whole.loss_estimate = loss.loss_estimate;
  whole.complete = whole.not_started == 0 && implementation_->have_plan() && !has_strangers;
  return whole;
}

bool result_merger::has_all() const {
  const scan_summary whole = summary();
  // Other tools do not say what was to be asked: what they have written to the end, is that.
  if (!implementation_->have_plan()) return !implementation_->has_cut_off_file;
  return whole.complete;
}

std::vector<std::string> result_merger::notices() const {
  std::vector<std::string> notices = implementation_->notices;
  const std::vector<merged_run>& runs = implementation_->runs;
  if (runs.empty()) return notices;
  if (!implementation_->have_plan()) {
    notices.push_back(
        fmt::format("{} does not say what it was to ask, so what is missing is not known",
                    printable(runs.front().header.scanner)));
    return notices;
  }
  std::vector<std::uint64_t> present;
  for (const merged_run& run : runs) {
    present.push_back(run.header.shard_index);
    if (run.summary) continue;
    notices.push_back(
        fmt::format("{}: its scan has no summary, so it was killed; what it had is "
                    "taken, and its SYNs are at least those counted",
                    printable(run.source)));
  }
  std::sort(present.begin(), present.end());
  present.erase(std::unique(present.begin(), present.end()), present.end());
  const std::uint64_t count = runs.front().header.shard_count;
  if (present.size() == count) return notices;
  std::vector<std::string> missing;
  for (std::uint64_t index = 1; index <= count && missing.size() < most_shards_named; ++index) {
    if (std::binary_search(present.begin(), present.end(), index)) continue;
    missing.push_back(fmt::format("{}/{}", index, count));
  }
  const std::uint64_t more = count - present.size() - missing.size();
  notices.push_back(fmt::format("missing: shard{} {}{}", count - present.size() == 1 ? "" : "s",
                                fmt::join(missing, ", "),
                                more == 0 ? "" : fmt::format(" and {} more", more)));
  return notices;
}

}  // namespace netscan
