#include "page_data.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <tuple>
#include <vector>

#include "error_name.hpp"
#include "json_list.hpp"
#include "json_string.hpp"
#include "line_buffer.hpp"
#include "probe_json.hpp"

namespace netscan::detail {
namespace {

/// Values of one kind, each with a number in the order in which they come.
template <typename Value>
class numbering {
 public:
  std::int64_t operator()(const Value& value) {
    const auto [place, is_new] = numbers_.try_emplace(value, values_.size());
    if (is_new) values_.push_back(value);
    return static_cast<std::int64_t>(place->second);
  }
  const std::vector<Value>& values() const noexcept { return values_; }

 private:
  std::map<Value, std::size_t> numbers_;
  std::vector<Value> values_;
};

class run_lengths {
 public:
  void add(std::int64_t value) {
    if (count_ != 0 && value == value_) {
      ++count_;
      return;
    }
    flush();
    value_ = value;
    count_ = 1;
  }
  std::string_view text() {
    flush();
    count_ = 0;
    return out_.view();
  }

 private:
  void flush() {
    if (count_ == 0) return;
    if (!out_.view().empty()) out_ << ',';
    out_ << value_ << ',' << count_;
  }

  line_buffer out_;
  std::int64_t value_ = 0;
  std::uint64_t count_ = 0;
};

class data_writer {
 public:
  explicit data_writer(const page_content& content) : content_(content) {
    std::uint64_t start = 0;
    for (const address_range& block : content.blocks) {
      starts_.push_back(start);
      start += absl::Uint128Low64(block.span()) + 1;
    }
  }

  std::string write(const page_candidates& candidates) {
    out_ << R"({"blocks":)";
    append_json_list(out_, content_.blocks, [&](const address_range& block) {
      out_ << R"({"first":)";
      append_address(out_, block.first);
      out_ << R"(,"size":)" << absl::Uint128Low64(block.span()) + 1 << '}';
    });
    out_ << R"(,"vantages":)";
    append_json_list(out_, content_.vantages, [&](const page_vantage& v) { append_vantage(v); });
    append_words();
    out_ << R"(,"verdicts":)";
    append_json_list(out_, candidates.verdicts, [&](const page_verdict& v) { append_verdict(v); });
    out_ << '}';
    return std::string(out_.view());
  }

 private:
  using icmp_key = std::tuple<std::uint8_t, std::uint8_t, ip_address>;

  std::optional<std::int64_t> number_of(const ip_address& address) const {
    auto block = std::upper_bound(
        content_.blocks.begin(), content_.blocks.end(), address,
        [](const ip_address& a, const address_range& range) { return a < range.first; });
    if (block == content_.blocks.begin() || !(--block)->contains(address)) return std::nullopt;
    const auto index = static_cast<std::size_t>(block - content_.blocks.begin());
    return static_cast<std::int64_t>(starts_[index] + (address.low() - block->first.low()));
  }

  void append_vantage(const page_vantage& vantage) {
    timestamp start = vantage.scans.front()->header.start;
    for (const scan_results* scan : vantage.scans) start = std::min(start, scan->header.start);

    std::array<run_lengths, 8> columns;
    std::int64_t last = 0;
    for (const probe_record& probe : vantage.probes) {
      const std::int64_t address = *number_of(probe.ip);
      const std::int64_t icmp =
          probe.icmp ? icmps_(icmp_key(probe.icmp->type, probe.icmp->code, probe.icmp->from)) : -1;
      const bool failed = probe.reason == probe_reason::local_error;
      const std::int64_t values[] = {address - last,
                                     ports_(probe.port),
                                     reasons_(probe.reason),
                                     icmp,
                                     probe.rtt_us ? std::int64_t{*probe.rtt_us} : -1,
                                     probe.attempts,
                                     failed ? errors_(error_text(probe.local_errno)) : -1,
                                     (probe.time - start).count()};
      for (std::size_t i = 0; i < columns.size(); ++i) columns[i].add(values[i]);
      last = address;
    }
    constexpr std::string_view names[] = {"address", "port",     "reason", "icmp",
                                          "rtt",     "attempts", "error",  "time"};
    out_ << R"({"name":)";
    append_json_string(out_, vantage.name);
    out_ << R"(,"start":)" << start.time_since_epoch().count() << R"(,"probes":)"
         << vantage.probes.size();
    for (std::size_t i = 0; i < columns.size(); ++i) {
      out_ << ",\"" << names[i] << "\":[" << columns[i].text() << ']';
    }
    out_ << '}';
  }

  void append_words() {
    out_ << R"(,"ports":)";
    append_json_list(out_, ports_.values(), [&](std::uint16_t port) { out_ << port; });
    out_ << R"(,"reasons":)";
    append_json_list(out_, reasons_.values(), [&](probe_reason reason) {
      out_ << "[\"" << to_string(reason) << "\",\"" << to_string(state_of(reason)) << "\"]";
    });
    out_ << R"(,"icmps":)";
    append_json_list(out_, icmps_.values(), [&](const icmp_key& icmp) {
      out_ << '[' << std::get<0>(icmp) << ',' << std::get<1>(icmp) << ',';
      append_address(out_, std::get<2>(icmp));
      out_ << ']';
    });
    out_ << R"(,"errors":)";
    append_json_list(out_, errors_.values(),
                     [&](const std::string& error) { append_json_string(out_, error); });
  }

  void append_verdict(const page_verdict& verdict) {
    out_ << R"({"verdict":)";
    append_json_string(out_, verdict.verdict);
    out_ << R"(,"accepted":)" << std::string_view(verdict.accepted ? "true" : "false")
         << R"(,"reason":)";
    append_json_string(out_, verdict.reason);
    out_ << R"(,"caveats":)";
    append_json_list(out_, verdict.caveats,
                     [&](const std::string& c) { append_json_string(out_, c); });
    // Of addresses that no vantage here was asked about there is nothing to click on.
    std::vector<std::array<std::int64_t, 2>> ranges;
    for (const address_range& range : verdict.addresses) {
      const std::optional<std::int64_t> first = number_of(range.first);
      const std::optional<std::int64_t> last = number_of(range.last);
      if (first && last) ranges.push_back({*first, *last});
    }
    out_ << R"(,"addresses":)";
    append_json_list(out_, ranges, [&](const std::array<std::int64_t, 2>& range) {
      out_ << '[' << range[0] << ',' << range[1] << ']';
    });
    out_ << '}';
  }

  const page_content& content_;
  std::vector<std::uint64_t> starts_;  // of each block, the number of its first address
  line_buffer out_;
  numbering<std::uint16_t> ports_;
  numbering<probe_reason> reasons_;
  numbering<icmp_key> icmps_;
  numbering<std::string> errors_;
};

}  // namespace

std::string page_data(const page_content& content, const page_candidates& candidates) {
  return data_writer(content).write(candidates);
}

}  // namespace netscan::detail
