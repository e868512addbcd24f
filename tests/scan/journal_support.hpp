/// What the tests of the journal share.
#pragma once

#include <vector>

#include "netscan/scan/journal.hpp"
#include "temporary_folder.hpp"

namespace netscan::testing {

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
