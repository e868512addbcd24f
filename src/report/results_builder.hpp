#pragma once

#include <absl/status/statusor.h>

#include <string>
#include <utility>

#include "netscan/report/reader.hpp"
#include "netscan/target/status.hpp"

namespace netscan::detail {

/// What a file holds, as far as it is read. The reader of each format fills one.
class results_builder {
 public:
  /// Hands the probes to `visit`, if there is one, instead of keeping them.
  explicit results_builder(std::string name, const probe_visitor* visit = nullptr)
      : name_(std::move(name)), visit_(visit) {}

  /// Of the file, for messages.
  const std::string& name() const noexcept { return name_; }
  bool keeps_probes() const noexcept { return visit_ == nullptr; }

  bool has_scan() const noexcept { return !file_.scans.empty(); }
  void begin_scan(scan_header header) {
    file_.scans.push_back({name_, std::move(header), {}, std::nullopt});
  }
  /// The one that is being read.
  scan_results& scan() noexcept { return file_.scans.back(); }

  /// Takes a probe of that scan. What is wrong with it, or nothing.
  std::string add(const probe_record& probe) {
    if (visit_ != nullptr) return (*visit_)(file_.scans.size() - 1, scan().header, probe);
    scan().probes.push_back(probe);
    return {};
  }
  void add(check_record check) { file_.checks.push_back(std::move(check)); }
  void add(trace_record trace) { file_.traces.push_back(std::move(trace)); }

  /// `what` without the name of the file.
  void add_notice(std::string_view what) {
    file_.notices.push_back(fmt::format("{}: {}", name_, what));
  }

  void add_notice(std::size_t line, std::string_view what) {
    file_.notices.push_back(fmt::format("{}:{}: {}", name_, line, what));
  }

  /// That the file ends at this line, in the middle of something.
  void note_cut_off(std::size_t line) {
    add_notice(line, "the file is cut off here, and what was not finished is left out");
    file_.is_cut_off = true;
  }
  void note_last_line_cut_off(std::size_t line) {
    add_notice(line, "the last line is cut off and left out; its writer was stopped in the middle");
    file_.is_cut_off = true;
  }

  absl::StatusOr<results_file> finish() && {
    if (file_.scans.empty() && file_.checks.empty() && file_.traces.empty()) {
      const std::vector<std::string>& said = file_.notices;
      return invalid_argument("{}: holds no results{}", name_,
                              said.empty() ? "" : "; " + said.back());
    }
    return std::move(file_);
  }

 private:
  std::string name_;
  const probe_visitor* visit_;
  results_file file_;
};

}  // namespace netscan::detail
