/// What the lower rooms conclude from results, as the page shows it.
#pragma once

#include "netscan/diagnose/compare.hpp"
#include "netscan/diagnose/reachability.hpp"
#include "netscan/remedy/candidates.hpp"
#include "netscan/report/page.hpp"

namespace netscan::cli {

/// Each address taken, then the accepted that are left out, then the refused; of these the ones
/// with the same reason together.
page_candidates page_candidates_of(const candidate_list& list);

/// The endpoints on which the vantages differ, and who reaches what.
void add_to_page(page_options& page, const comparison& comparison);

/// Who reaches what: vantages that are alike one after the other, and how each pair ended most
/// often.
page_matrix page_matrix_of(const reachability& matrix);

}  // namespace netscan::cli
