#include "owners.hpp"

#include <gtest/gtest.h>

#include "lab_results.hpp"

namespace netscan::detail {
namespace {

using testing::lan;
using testing::scan_of;
using testing::seen;

using enum probe_reason;

owner_evidence asked(std::vector<probe_record> records, const ip_address& address = lan(7)) {
  const std::vector<scan_results> scans = {scan_of("node", std::move(records))};
  return ask_owners(sightings(scans), address);
}

TEST(owners, tell_nothing_when_there_is_no_owner_scan) {
  EXPECT_EQ(ask_owners(sightings({}), lan(7)).who, ownership::no_scan);
}

TEST(owners, tell_that_they_did_not_ask) {
  EXPECT_EQ(asked({seen(lan(8), 80, syn_ack)}).who, ownership::not_asked);
}

TEST(owners, find_somebody_by_any_reply_on_any_port) {
  const owner_evidence owner =
      asked({seen(lan(7), 22, conn_refused), seen(lan(7), 80, no_neighbor, lan(11))});
  EXPECT_EQ(owner.who, ownership::somebody);
  EXPECT_EQ(owner.text, "node 22: conn-refused");
}

TEST(owners, find_somebody_by_an_icmp_error_of_the_address_itself) {
  const owner_evidence owner = asked({seen(lan(7), 80, port_unreach, lan(7))});
  EXPECT_EQ(owner.who, ownership::somebody);
  EXPECT_EQ(owner.text, "node 80: port-unreach from 10.0.0.7");
}

TEST(owners, find_nobody_by_no_neighbor) {
  const owner_evidence owner =
      asked({seen(lan(7), 80, no_neighbor, lan(11)), seen(lan(7), 443, no_response)});
  EXPECT_EQ(owner.who, ownership::nobody);
  EXPECT_EQ(owner.text, "node 80: no-neighbor");
}

TEST(owners, take_neither_silence_nor_a_routers_errors_for_evidence) {
  const owner_evidence owner =
      asked({seen(lan(7), 80, no_response), seen(lan(7), 443, host_unreach, lan(1))});
  EXPECT_EQ(owner.who, ownership::silent);
  EXPECT_EQ(owner.text, "node 80: no-response, node 443: host-unreach from 10.0.0.1");
}

}  // namespace
}  // namespace netscan::detail
