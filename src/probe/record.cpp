#include "netscan/probe/record.hpp"

namespace netscan {

void count(scan_summary& summary, const probe_record& record) noexcept {
  switch (record.state()) {
    case probe_state::open:
      ++summary.open;
      return;
    case probe_state::closed:
      ++summary.closed;
      return;
    case probe_state::filtered:
      ++summary.filtered;
      return;
    case probe_state::error:
      ++summary.error;
      return;
  }
}

}  // namespace netscan
