#include "netscan/report/tarpit.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>
#include <set>

#include "rounds.hpp"
#include "sample_scans.hpp"

namespace netscan {
namespace {

using testing::ip;
using records = std::vector<probe_record>;

probe_record seen_as(const ip_address& address, std::uint16_t port, probe_reason reason) {
  probe_record record;
  record.ip = address;
  record.port = port;
  record.reason = reason;
  return record;
}

/// Every address of 10.64.0.0 and on, on these ports; `open` of them are open.
records block(std::uint32_t addresses, const std::vector<std::uint16_t>& ports,
              std::uint32_t open) {
  records list;
  for (std::uint32_t i = 0; i < addresses; ++i) {
    for (const std::uint16_t port : ports) {
      list.push_back(seen_as(ip_address::v4(0x0a400000 + i), port,
                             i < open ? probe_reason::syn_ack : probe_reason::no_response));
    }
  }
  return list;
}

std::vector<tarpit> found_in(const records& list) {
  tarpit_watch watch;
  watch.add(list);
  return watch.found();
}

std::vector<std::string> texts_of(const std::vector<tarpit>& list) {
  std::vector<std::string> texts;
  for (const tarpit& found : list) texts.push_back(to_string(found));
  return texts;
}

using lines = std::vector<std::string>;

TEST(a_tarpit, is_a_network_where_everything_is_open) {
  EXPECT_EQ(texts_of(found_in(block(4096, {80, 443}, 4096))),
            lines{"10.64.0.0/20 looks like a tarpit or a SYN proxy, not 4096 hosts (inferred): "
                  "8192 of 8192 probes there are open"});
}

TEST(a_tarpit, is_named_by_what_was_asked_of_it) {
  EXPECT_EQ(texts_of(found_in(block(16, {80}, 16))),
            lines{"10.64.0.0/28 looks like a tarpit or a SYN proxy, not 16 hosts (inferred): "
                  "16 of 16 probes there are open"});
  EXPECT_EQ(texts_of(found_in(block(20, {80}, 20)))[0].substr(0, 20), "10.64.0.0-10.64.0.19");
}

TEST(a_tarpit, is_not_a_handful_of_hosts) {
  EXPECT_TRUE(found_in(block(15, {80, 443}, 15)).empty());
  EXPECT_TRUE(found_in(block(256, {80, 443}, 12)).empty());
}

TEST(a_tarpit, has_nine_of_ten_addresses_open_on_every_port) {
  EXPECT_EQ(found_in(block(100, {80, 443}, 90)).size(), 1U);
  EXPECT_TRUE(found_in(block(100, {80, 443}, 89)).empty());
  records list = block(100, {80}, 100);
  for (std::uint32_t i = 0; i < 11; ++i) {
    list.push_back(seen_as(ip_address::v4(0x0a400000 + i), 443, probe_reason::conn_refused));
  }
  EXPECT_TRUE(found_in(list).empty()) << "11 addresses are not open on every port";
}

TEST(a_tarpit, may_be_one_host_that_is_open_on_a_hundred_ports) {
  const auto host = [](std::uint16_t ports, std::uint16_t open) {
    records list;
    for (std::uint16_t port = 1; port <= ports; ++port) {
      list.push_back(seen_as(ip("10.0.0.9"), port,
                             port <= open ? probe_reason::syn_ack : probe_reason::conn_refused));
    }
    return list;
  };
  EXPECT_EQ(texts_of(found_in(host(1000, 950))),
            lines{"10.0.0.9 looks like a tarpit or a SYN proxy (inferred): 950 of 1000 ports "
                  "asked are open"});
  EXPECT_EQ(found_in(host(100, 90)).size(), 1U);
  EXPECT_TRUE(found_in(host(100, 89)).empty());
  EXPECT_TRUE(found_in(host(99, 99)).empty());
}

TEST(a_tarpit, is_not_made_of_probes_that_could_not_be_asked) {
  records list = block(15, {80}, 15);
  list.push_back(seen_as(ip("10.64.0.15"), 80, probe_reason::local_error));
  EXPECT_TRUE(found_in(list).empty());
  list = block(16, {80}, 16);
  for (std::uint32_t i = 16; i < 256; ++i) {
    list.push_back(seen_as(ip_address::v4(0x0a400000 + i), 80, probe_reason::local_error));
  }
  EXPECT_EQ(found_in(list).size(), 1U);
}

TEST(a_tarpit, is_seen_only_where_silence_was_written_down) {
  scan_results scan = testing::sample_scan();
  EXPECT_TRUE(tells_what_was_silent(scan));
  scan_results other = scan;
  other.header.scanner = "masscan";
  EXPECT_FALSE(tells_what_was_silent(other));
  other = scan;
  other.summary->complete = false;
  EXPECT_FALSE(tells_what_was_silent(other));
  other = scan;
  other.summary.reset();
  EXPECT_FALSE(tells_what_was_silent(other));
  other = scan;
  other.probes.pop_back();
  EXPECT_FALSE(tells_what_was_silent(other)) << "somebody has taken records out";
}

TEST(a_tarpit_watch, keeps_so_many_networks_and_no_more) {
  tarpit_watch watch;
  records list;
  for (std::uint32_t i = 0; i < 70'000; ++i) {
    list.push_back(seen_as(ip_address::v4(0x0a000000 + 256 * i), 80, probe_reason::syn_ack));
  }
  watch.add(list);  // the last of them is in 11.0.0.0/8
  records late;
  for (std::uint32_t i = 0; i < 256; ++i) {
    late.push_back(seen_as(ip_address::v4(0x0b100000 + i), 80, probe_reason::syn_ack));
    late.push_back(seen_as(ip_address::v4(0x0a000000 + i), 443, probe_reason::syn_ack));
  }
  watch.add(late);
  ASSERT_EQ(watch.found().size(), 1U);
  EXPECT_EQ(to_string(watch.found()[0].where), "10.0.0.0/24");
}

// --- against the rule written out a second time

class record_maker {
 public:
  explicit record_maker(unsigned seed) : random_(seed) {}

  /// Of some networks; with `scattered`, of IPv6 ones whose addresses are anywhere.
  records make(bool scattered) {
    records list;
    for (unsigned i = 0; i < 6; ++i) add_network(i, scattered, list);
    std::shuffle(list.begin(), list.end(), random_);
    return list;
  }

 private:
  std::uint64_t below(std::uint64_t bound) { return random_() % bound; }

  void add_network(unsigned number, bool scattered, records& list) {
    static constexpr unsigned sizes[] = {1, 2, 15, 16, 17, 100, 256};
    const auto size = static_cast<unsigned>(scattered ? below(600) : sizes[below(7)]);
    const unsigned ports =
        size <= 2 ? static_cast<unsigned>(95 + below(12)) : static_cast<unsigned>(1 + below(3));
    static constexpr unsigned open_shares[] = {500, 850, 900, 950, 990, 1000};
    const unsigned open = open_shares[below(6)];
    const bool v6 = scattered || below(3) == 0;
    for (unsigned i = 0; i < size; ++i) {
      const ip_address address =
          !v6 ? ip_address::v4(0x0a400000 + 256 * number + i)
              : ip_address::v6(0xfd00'0064'0000'0000 + number, scattered ? random_() : 0x5a00 + i);
      // What is not open is so as a whole, most times.
      const bool is_open = below(1000) < open;
      for (unsigned port = 1; port <= ports; ++port) {
        probe_reason reason = is_open ? probe_reason::syn_ack : probe_reason::no_response;
        if (below(500) == 0) reason = probe_reason::local_error;
        if (below(500) == 0) reason = probe_reason::conn_refused;
        list.push_back(seen_as(address, static_cast<std::uint16_t>(port), reason));
      }
    }
  }

  std::mt19937_64 random_;
};

/// The addresses that lie in a tarpit: plain sets, network by network and host by host.
std::set<ip_address> by_the_rule(const records& list) {
  std::map<std::string, std::set<ip_address>> networks;
  std::map<ip_address, std::pair<unsigned, unsigned>> ports;  // asked, open
  for (const probe_record& r : list) {
    if (r.reason == probe_reason::local_error) continue;
    networks[to_string(cidr_block(r.ip, r.ip.is_v4() ? 24 : 64))].insert(r.ip);
    ++ports[r.ip].first;
    ports[r.ip].second += r.reason == probe_reason::syn_ack;
  }
  std::set<ip_address> all;
  for (const auto& [name, addresses] : networks) {
    double whole = 0, probes = 0, open = 0;
    for (const ip_address& address : addresses) {
      whole += ports[address].first == ports[address].second;
      probes += ports[address].first;
      open += ports[address].second;
    }
    const auto count = static_cast<double>(addresses.size());
    if (count < 16 || whole / count < 0.9 || open / probes < 0.9) continue;
    all.insert(addresses.begin(), addresses.end());
  }
  for (const auto& [address, asked] : ports) {
    if (asked.first >= 100 && 10 * asked.second >= 9 * asked.first) all.insert(address);
  }
  return all;
}

std::set<ip_address> by_the_watch(const records& list) {
  const std::vector<tarpit> found = found_in(list);
  std::set<ip_address> all;
  for (const probe_record& r : list) {
    const tarpit* const in = find(found, r.ip);
    if (r.reason != probe_reason::local_error && in != nullptr) all.insert(r.ip);
  }
  return all;
}

TEST(a_tarpit_watch, agrees_with_the_rule_written_out_a_second_time) {
  std::size_t in = 0, all = 0;
  for (unsigned seed = 1; seed <= testing::rounds(400); ++seed) {
    const records list = record_maker(seed).make(false);
    const std::set<ip_address> wanted = by_the_rule(list);
    ASSERT_EQ(by_the_watch(list), wanted) << "seed " << seed;
    in += wanted.size();
    std::set<ip_address> addresses;
    for (const probe_record& record : list) addresses.insert(record.ip);
    all += addresses.size();
  }
  // Both answers must come, or the agreement says little.
  EXPECT_GT(in, all / 5);
  EXPECT_LT(in, all * 4 / 5);
}

// Where addresses share a place it says less, never more.
TEST(a_tarpit_watch, finds_nothing_in_a_large_network_that_the_rule_does_not) {
  std::size_t found = 0;
  for (unsigned seed = 1; seed <= testing::rounds(100); ++seed) {
    const records list = record_maker(seed).make(true);
    const std::set<ip_address> wanted = by_the_rule(list);
    for (const ip_address& address : by_the_watch(list)) {
      ++found;
      ASSERT_TRUE(wanted.contains(address)) << "seed " << seed;
    }
  }
  EXPECT_GT(found, 0U);
}

TEST(a_tarpit_watch, gives_what_is_found_ascending_and_apart) {
  for (unsigned seed = 1; seed <= testing::rounds(300); ++seed) {
    const std::vector<tarpit> found = found_in(record_maker(seed).make(false));
    for (std::size_t i = 0; i < found.size(); ++i) {
      ASSERT_LE(found[i].where.first, found[i].where.last);
      ASSERT_TRUE(i == 0 || found[i - 1].where.last < found[i].where.first);
      ASSERT_LE(found[i].open, found[i].probes);
    }
  }
}

}  // namespace
}  // namespace netscan
