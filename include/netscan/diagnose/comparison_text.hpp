/// Comparisons for people.
///
///     node, pc: 512 endpoints compared, 24 differ
///
///     ENDPOINT           node  pc
///     10.0.0.216:80,443  open  no-response
///       answers at node, silent from pc; trace from pc ends after 192.168.77.1: blocked on the
///       way, not at the service
#pragma once

#include <string>

#include "netscan/diagnose/compare.hpp"

namespace netscan {

struct comparison_text_options {
  bool all = false;     ///< also endpoints that the vantages agree on; without any other, always
  bool colour = false;  ///< ANSI colours
  unsigned width = 80;  ///< of the terminal, in columns
};

/// The matrix of what the vantages saw, a row for endpoints that are alike, each with its
/// diagnosis; where the columns do not fit, the vantages one under the other. Below it, where there
/// is a matrix of who reaches what, reachability_text(). Printable, whatever the results hold.
std::string comparison_text(const comparison& comparison, const comparison_text_options& options);

}  // namespace netscan
