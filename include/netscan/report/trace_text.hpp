/// Traces for people.
///
///     10.0.0.216:443 from pc (192.168.77.10), at most 30 hops
///
///     HOP  FROM          RTT
///       1  192.168.77.1  312 us  298 us  290 us
///     2-6  no answer
///
///     filtered: no-response; last seen alive at hop 1, 192.168.77.1, then 5 hops without an answer
#pragma once

#include <string>

#include "netscan/check/trace_record.hpp"

namespace netscan {

struct trace_text_options {
  bool colour = false;  ///< ANSI colours
  unsigned width = 80;  ///< of the terminal, in columns
};

/// A heading, a line for each answer of each hop, and what it comes to. Printable, whatever the
/// record's strings hold.
std::string trace_text(const trace_record& trace, const trace_text_options& options);

}  // namespace netscan
