/// What the tests of the journal share.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "netscan/scan/journal.hpp"

namespace netscan::testing {

/// A folder of the test's own, gone at its end.
class temporary_folder {
 public:
  temporary_folder();
  ~temporary_folder();
  std::string operator/(const std::string& name) const { return path_ / name; }

 private:
  std::filesystem::path path_;
};

std::string read_file(const std::string& path);
void write_file(const std::string& path, const std::string& bytes);

plan journal_plan(const plan_options& options = {.seed = 5});
/// Of this plan, with everything in it that there can be.
journal_head head_of(const plan& plan);
/// The record of the plan's n-th probe, of some kind that has a verdict.
probe_record verdict(const plan& plan, std::uint64_t index);
/// The same, which this host could not ask.
probe_record failure(const plan& plan, std::uint64_t index);

/// All records that a journal hands out.
std::vector<probe_record> replayed(const journal& journal);

}  // namespace netscan::testing
