// Says what it means that two places see an endpoint differently.
#include <fmt/format.h>

#include <netscan/diagnose/diagnosis.hpp>

int main() {
  netscan::probe_record record;
  record.ip = *netscan::parse_ip_address("10.0.0.216");
  record.port = 443;
  record.reason = netscan::probe_reason::syn_ack;
  const netscan::observation at_node = netscan::observe(record, "node", true);
  record.reason = netscan::probe_reason::no_response;
  const netscan::observation from_pc = netscan::observe(record, "pc", false);

  const netscan::observation seen[] = {at_node, from_pc};
  const netscan::diagnosis diagnosis = netscan::diagnose({seen, {}, record.port});
  fmt::print("{}: {}\n", to_string(diagnosis.kind), diagnosis.sentence);
}
