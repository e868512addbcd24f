/// Who reaches what: the matrix of vantages and endpoints, in groups, and what explains it.
///
///     netscan::reachability_builder builder;
///     for (const std::string& path : paths) {
///       auto notices = builder.add_file(path);  // one file after the other, none of them kept
///       if (!notices.ok()) return notices.status();
///     }
///     absl::StatusOr<netscan::reachability> matrix = std::move(builder).finish();
///     for (const netscan::cut& cut : matrix->cuts) fmt::print("{}\n", cut.sentence);
///
/// A pair of a vantage and an endpoint is one of three:
///
///  - reached: a TCP answer of the host's came, open or closed;
///  - cut: it was asked, and none came: silence, or an ICMP error of any kind;
///  - unknown: not asked, the vantage itself has failed, or what was seen may be either: a refusal
///    known by connect()'s errno alone, or a RST in the name of an address that another vantage has
///    found free on the address' own link.
///
/// Groups are exact: endpoints are alike when their columns are, vantages when their rows are, a
/// place for each group of endpoints. Unknown never decides: a line of which some places are
/// unknown is of the group of those that it agrees with wherever both are known, when these all
/// agree with each other. Where they do not, so that it might be of one group or of another, or
/// where nothing at all is known of it, it stays a group of its own. So the pairs of one group of
/// vantages with one of endpoints, as far as they are known, are all the same.
///
/// The cuts are a partition: each pair that is cut is in one of them, and none holds a pair that is
/// reached. They come smallest first: vantages that reach nothing, endpoints that nobody reaches,
/// and groups that are cut off from groups. For the last kind endpoints are put together that the
/// same vantages are cut off from; but when putting vantages together that are cut off from the
/// same endpoints gives at most half as many, so. These are then taken apart by who has rejected.
///
/// Of scans only. Traces name the last router before a silence; checks are not looked at.
///
/// Memory is bounded, whatever the files' sizes: records that do not fit go to a temporary file in
/// $TMPDIR, sorted, and come back endpoint by endpoint. What grows is the result: two bytes a
/// vantage for each different column.
#pragma once

#include <absl/status/statusor.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "netscan/diagnose/compare_options.hpp"
#include "netscan/diagnose/endpoint_block.hpp"
#include "netscan/diagnose/sight.hpp"
#include "netscan/report/reader.hpp"

namespace netscan {

enum class reach : std::uint8_t { unknown, reached, cut };

/// `unknown`, `reached`, `cut`.
std::string_view to_string(reach what) noexcept;

/// How pairs of a cut ended.
struct cut_manner {
  sight what = sight::silent;
  probe_reason reason = probe_reason::no_response;
  /// Who sent the ICMP error; nothing also where each target sent it itself (`by_target`).
  std::optional<ip_address> sender;
  bool by_target = false;
  std::uint64_t pairs = 0;

  friend bool operator==(const cut_manner&, const cut_manner&) = default;
};

enum class cut_kind : std::uint8_t {
  vantages_reach_nothing,  ///< of what others reach
  reached_by_nobody,       ///< endpoints
  groups_cut_off,          ///< vantages from endpoints that others reach
};

/// `vantages-reach-nothing`, `reached-by-nobody`, `groups-cut-off`.
std::string_view to_string(cut_kind kind) noexcept;

/// Vantages and endpoints between which no pair is reached, and some pair of each is cut.
struct cut {
  cut_kind kind = cut_kind::groups_cut_off;
  /// By number, ascending.
  std::vector<std::size_t> vantages;
  std::vector<endpoint_block> blocks;
  std::uint64_t endpoints = 0;
  /// Pairs that are cut; and of the others between the two those that are unknown.
  std::uint64_t pairs = 0;
  std::uint64_t unknown = 0;
  /// How the pairs ended, the most frequent first.
  std::vector<cut_manner> manners;
  /// Who said that he rejects, other than the targets themselves. Ascending.
  std::vector<ip_address> firewalls;
  /// Routers after which traces from here to there met silence. Ascending.
  std::vector<ip_address> last_routers;
  /// Of endpoints that nobody reaches: on their own link it was found that nobody has the address.
  bool is_free = false;
  /// What the sentence concludes is the likely reading, and marked as that in it.
  bool inferred = false;
  /// One sentence, printable, that does not repeat the endpoints.
  std::string sentence;
};

/// Endpoints that are alike.
struct target_group {
  std::vector<endpoint_block> blocks;
  std::uint64_t endpoints = 0;
};

/// A vantage and a group of endpoints: what is known of their pairs is all the same.
struct reach_cell {
  reach what = reach::unknown;
  /// What was met most often, where anything is known.
  sight met = sight::could_not_ask;

  friend bool operator==(const reach_cell&, const reach_cell&) = default;
};

struct reachability {
  /// In the order in which they first occur.
  std::vector<std::string> vantages;
  std::uint64_t endpoints = 0;
  /// Pairs; their sum is vantages x endpoints.
  std::uint64_t reached = 0;
  std::uint64_t cut_off = 0;
  std::uint64_t unknown = 0;
  /// Vantages that are alike, by number; groups in the order of their first ones.
  std::vector<std::vector<std::size_t>> vantage_groups;
  /// First those that some reach and others are cut off from, then those that are reached, then the
  /// others; of each in the order of their first endpoints.
  std::vector<target_group> target_groups;
  /// By vantage, then group of endpoints.
  std::vector<std::vector<reach_cell>> cells;
  std::vector<cut> cuts;
  /// Vantages of which nothing is known.
  std::vector<std::size_t> blind;
  /// What the user should know of how it was made.
  std::vector<std::string> notices;

  /// Somebody is cut off from what others reach.
  bool differ() const noexcept;
  /// Something is known of a pair.
  bool is_known() const noexcept { return reached + cut_off != 0; }
};

class reachability_builder {
 public:
  /// Of the options, the addresses: where only hosts are given there is no endpoint.
  explicit reachability_builder(compare_options options = {});
  reachability_builder(reachability_builder&&) noexcept;
  reachability_builder& operator=(reachability_builder&&) noexcept;
  ~reachability_builder();

  /// Takes results in. Of several answers to one vantage about one endpoint, an answer counts more
  /// than silence, silence more than what could not be asked; of equal ones the later, and of equal
  /// times that of the scan that began later. Errors: those of the temporary file; nothing more can
  /// be done with the builder then.
  absl::Status add(const results_file& file);

  /// The same of a file that is read record by record. `vantage`, when it is not empty, is what to
  /// call the vantage of all that is in it. Returns the file's notices. Errors: also those of
  /// read_results(), after which nothing more can be done with the builder either.
  absl::StatusOr<std::vector<std::string>> add_file(const std::string& path,
                                                    std::string_view vantage = {});

  /// Once, when all is added. Errors: InvalidArgument when there are fewer than two vantages, or no
  /// endpoint; those of the temporary file.
  absl::StatusOr<reachability> finish() &&;

 private:
  struct implementation;
  std::unique_ptr<implementation> implementation_;
};

}  // namespace netscan
