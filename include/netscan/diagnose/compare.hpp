/// Comparing what vantages see.
///
///     netscan::comparison_builder builder;
///     for (const std::string& path : {"pc.ndjson", "node.ndjson"}) {
///       auto notices = builder.add_file(path);  // one file after the other, none of them kept
///       if (!notices.ok()) return notices.status();
///     }
///     absl::StatusOr<netscan::comparison> comparison = std::move(builder).finish();
///     for (const netscan::comparison_group& group : comparison->groups) {
///       fmt::print("{}\n", group.diagnosis.sentence);
///     }
///
/// Results of scans, checks and traces come together by vantage, whatever files they are in.
#pragma once

#include <absl/status/statusor.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "netscan/diagnose/compare_options.hpp"
#include "netscan/diagnose/diagnosis.hpp"
#include "netscan/diagnose/endpoint_block.hpp"
#include "netscan/diagnose/reachability.hpp"
#include "netscan/diagnose/seen_list.hpp"
#include "netscan/report/reader.hpp"

namespace netscan {

/// Endpoints that each vantage sees alike, and that have the same diagnosis.
struct comparison_group {
  /// Targets of checks, in normal form.
  std::vector<std::string> targets;
  /// Addresses and ports, ascending. A group has either these or targets.
  std::vector<endpoint_block> blocks;
  /// Targets, or pairs of address and port.
  std::uint64_t endpoints = 0;
  /// By vantage, in the order of comparison::vantages. What differs between the endpoints
  /// (addresses, times) is that of the first one.
  seen_list seen;
  netscan::diagnosis diagnosis;
  /// The vantages come to different outcomes.
  bool differ = false;
  /// A name leads them to different addresses.
  bool names_differ = false;
};

struct comparison {
  /// In the order in which they first occur.
  std::vector<std::string> vantages;
  /// Those that differ first, of these those that answer somewhere; then those where only names
  /// differ, then the others; each part in the order of its targets and addresses.
  std::vector<comparison_group> groups;
  /// Endpoints that two vantages or more were asked about, and of these those that differ.
  std::uint64_t compared = 0;
  std::uint64_t differing = 0;
  /// Of the compared ones those that no vantage could ask, so that nothing is known of them.
  std::uint64_t unknown = 0;
  /// Endpoints that only one vantage was asked about; they are in no group.
  std::uint64_t asked_from_one = 0;
  /// Who reaches what, when scans are of three vantages or more: what there is to say of two, the
  /// groups say.
  std::optional<reachability> matrix;
  /// What the user should know of how the results were taken, and of how the matrix was made.
  std::vector<std::string> notices;

  /// Some vantages disagree.
  bool differ() const noexcept { return differing != 0; }
  /// Something is known of an endpoint; when not, vantages that do not differ do not agree either.
  bool is_known() const noexcept { return unknown < compared; }
};

/// Compares, endpoint by endpoint, what the vantages see, in bounded memory: records that do not
/// fit go to a temporary file in $TMPDIR, sorted, and come back endpoint by endpoint. What grows is
/// the result, with its groups; checks and traces are kept.
///
/// An endpoint is an address with its port, or the target of checks. A connect of a check counts as
/// a view of its address too, where that is compared with something else than the same check. The
/// end of a trace counts where its vantage has seen the endpoint in no other way. When a vantage
/// was asked about an address several times, an answer counts more than silence, silence more than
/// what could not be asked, and of equal ones the later; of several checks of a target the later.
class comparison_builder {
 public:
  explicit comparison_builder(compare_options options = {});
  comparison_builder(comparison_builder&&) noexcept;
  comparison_builder& operator=(comparison_builder&&) noexcept;
  ~comparison_builder();

  /// Takes results in. Errors: those of the temporary file; nothing more can be done with the
  /// builder then.
  absl::Status add(const results_file& file);

  /// The same of a file that is read record by record. `vantage`, when it is not empty, is what to
  /// call the vantage of all that is in it. Returns the file's notices. Errors: also those of
  /// read_results(), after which nothing more can be done with the builder either.
  absl::StatusOr<std::vector<std::string>> add_file(const std::string& path,
                                                    std::string_view vantage = {});

  /// Once, when all is added. Errors: InvalidArgument when the results are of one vantage only,
  /// when no endpoint was asked about from two, and when the options leave none; those of the
  /// temporary file.
  absl::StatusOr<comparison> finish() &&;

 private:
  struct implementation;
  std::unique_ptr<implementation> implementation_;
};

/// Compares results that are in memory, without a temporary file. Errors: InvalidArgument, as
/// comparison_builder::finish().
absl::StatusOr<comparison> compare(std::span<const results_file> files,
                                   const compare_options& options = {});

}  // namespace netscan
