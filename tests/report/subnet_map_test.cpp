#include "netscan/report/subnet_map.hpp"

#include <gtest/gtest.h>

#include "sample_scans.hpp"

namespace netscan {
namespace {

using testing::ip;
using testing::lines_of;

address_range block(std::string_view text) {
  return parse_cidr(text).value();
}

probe_record seen(std::string_view address, probe_reason reason) {
  probe_record record;
  record.ip = ip(address);
  record.port = 80;
  record.reason = reason;
  return record;
}

/// What 10.0.0.1 comes to when its two ports ended like this.
map_cell cell_of(std::initializer_list<probe_reason> reasons) {
  subnet_map map(block("10.0.0.0/28"), 2);
  for (const probe_reason reason : reasons) map.add(seen("10.0.0.1", reason));
  EXPECT_EQ(map.cell(ip("10.0.0.2")), map_cell::not_asked);
  return map.cell(ip("10.0.0.1"));
}

// --- what an address comes to ---

TEST(subnet_map, tells_open_on_all_ports_from_open_on_some) {
  EXPECT_EQ(cell_of({probe_reason::syn_ack, probe_reason::syn_ack}), map_cell::open);
  EXPECT_EQ(cell_of({probe_reason::syn_ack, probe_reason::no_response}), map_cell::some_open);
  EXPECT_EQ(cell_of({probe_reason::syn_ack}), map_cell::some_open) << "the other is not asked yet";
}

TEST(subnet_map, takes_the_port_that_tells_most) {
  using enum probe_reason;
  EXPECT_EQ(cell_of({}), map_cell::not_asked);
  EXPECT_EQ(cell_of({no_response, no_response}), map_cell::silent);
  EXPECT_EQ(cell_of({no_response, local_error}), map_cell::error);
  EXPECT_EQ(cell_of({local_error, admin_prohibited}), map_cell::rejected);
  EXPECT_EQ(cell_of({time_exceeded, conn_refused}), map_cell::closed);
  EXPECT_EQ(cell_of({conn_refused, host_unreach}), map_cell::nobody);
  EXPECT_EQ(cell_of({no_neighbor, no_response}), map_cell::nobody);
  EXPECT_EQ(cell_of({host_unreach, syn_ack}), map_cell::some_open);
}

TEST(subnet_map, takes_every_icmp_error_but_the_two_for_a_rejection) {
  for (int i = 0; i <= static_cast<int>(probe_reason::local_error); ++i) {
    const auto reason = static_cast<probe_reason>(i);
    if (state_of(reason) != probe_state::filtered || reason == probe_reason::no_response) continue;
    const bool nobody = reason == probe_reason::host_unreach || reason == probe_reason::no_neighbor;
    EXPECT_EQ(cell_of({reason}), nobody ? map_cell::nobody : map_cell::rejected)
        << to_string(reason);
  }
}

TEST(subnet_map, calls_nothing_open_that_is_not_even_without_ports) {
  subnet_map map(block("10.0.0.0/28"), 0);
  map.add(seen("10.0.0.1", probe_reason::conn_refused));
  EXPECT_EQ(map.cell(ip("10.0.0.1")), map_cell::closed);
}

TEST(subnet_map, counts_a_probe_that_comes_twice) {
  EXPECT_EQ(cell_of({probe_reason::syn_ack, probe_reason::syn_ack, probe_reason::syn_ack}),
            map_cell::open);
}

TEST(subnet_map, ignores_addresses_outside) {
  subnet_map map(block("10.0.0.0/28"), 1);
  for (const std::string_view address : {"10.0.0.16", "9.255.255.255", "::a00:1", "fd00::1"}) {
    map.add(seen(address, probe_reason::syn_ack));
    EXPECT_EQ(map.cell(ip(address)), map_cell::not_asked);
  }
  EXPECT_EQ(map.draw({}), "10.0.0.0\n16 not asked\n");
}

TEST(subnet_map, is_for_16_to_1024_addresses) {
  EXPECT_FALSE(subnet_map::fits(block("10.0.0.0/29")));
  EXPECT_TRUE(subnet_map::fits(block("10.0.0.0/28")));
  EXPECT_TRUE(subnet_map::fits(block("10.0.0.0/22")));
  EXPECT_FALSE(subnet_map::fits(block("10.0.0.0/21")));
  EXPECT_TRUE(subnet_map::fits(block("fd00::/118")));
  EXPECT_FALSE(subnet_map::fits(block("fd00::/117")));
  EXPECT_FALSE(subnet_map::fits(block("::/0"))) << "2^128 addresses";
  EXPECT_TRUE(subnet_map::fits(parse_address_range("10.0.0.5-10.0.0.20").value()));
}

// --- how it is drawn ---

subnet_map map_of_all_kinds() {
  using enum probe_reason;
  subnet_map map(block("10.0.0.0/28"), 2);
  const auto add = [&](std::string_view address, probe_reason first, probe_reason second) {
    map.add(seen(address, first));
    map.add(seen(address, second));
  };
  add("10.0.0.0", syn_ack, syn_ack);
  add("10.0.0.1", syn_ack, conn_refused);
  add("10.0.0.2", host_unreach, no_response);
  add("10.0.0.3", conn_refused, conn_refused);
  add("10.0.0.4", admin_prohibited, admin_prohibited);
  add("10.0.0.5", local_error, local_error);
  add("10.0.0.6", no_response, no_response);
  add("10.0.0.15", no_response, no_response);
  return map;
}

TEST(subnet_map, has_a_glyph_for_each_kind) {
  EXPECT_EQ(map_of_all_kinds().draw({.width = 120}),
            "10.0.0.0  #+o-x!.         .\n"
            "# 1 open on all ports   + 1 open on some ports   o 1 nobody there   - 1 closed   x 1 "
            "rejected   ! 1 not askable\n"
            ". 2 silent   8 not asked\n");
  EXPECT_EQ(map_of_all_kinds().draw({.unicode = true, .width = 120}),
            "10.0.0.0  █▄○▒×!·         ·\n"
            "█ 1 open on all ports   ▄ 1 open on some ports   ○ 1 nobody there   ▒ 1 closed   × 1 "
            "rejected   ! 1 not askable\n"
            "· 2 silent   8 not asked\n");
}

std::string without_colours(std::string text) {
  for (std::size_t at = 0; (at = text.find('\033')) != text.npos;) {
    text.erase(at, text.find('m', at) + 1 - at);
  }
  return text;
}

TEST(subnet_map, says_the_same_without_colours) {
  for (const bool unicode : {false, true}) {
    for (const unsigned width : {40U, 80U}) {
      const std::string plain = map_of_all_kinds().draw({false, unicode, width});
      const std::string coloured = map_of_all_kinds().draw({true, unicode, width});
      EXPECT_EQ(plain.find('\033'), plain.npos);
      EXPECT_NE(coloured, plain);
      EXPECT_EQ(without_colours(coloured), plain);
    }
  }
}

TEST(subnet_map, begins_its_rows_at_round_addresses) {
  subnet_map map(parse_address_range("10.0.0.30-10.0.0.65").value(), 1);
  map.add(seen("10.0.0.30", probe_reason::syn_ack));
  map.add(seen("10.0.0.65", probe_reason::conn_refused));
  EXPECT_EQ(map.draw({}),
            "10.0.0.0                                    #\n"
            "10.0.0.32\n"
            "10.0.0.64   -\n"
            "# 1 open on all ports   - 1 closed   34 not asked\n");
}

TEST(subnet_map, draws_ipv6) {
  subnet_map map(block("fd00:10::200/120"), 1);
  map.add(seen("fd00:10::232", probe_reason::syn_ack));
  map.add(seen("fd00:10::2ff", probe_reason::conn_refused));
  const std::vector<std::string> lines = lines_of(map.draw({}));
  ASSERT_EQ(lines.size(), 9U);
  EXPECT_EQ(lines[0], "fd00:10::200\n");
  EXPECT_EQ(lines[1], "fd00:10::220  " + std::string(18 + 2, ' ') + "#\n");
  EXPECT_EQ(lines[7], "fd00:10::2e0  " + std::string(31 + 3, ' ') + "-\n");
}

TEST(subnet_map, draws_the_ends_of_the_address_space) {
  subnet_map last(block("255.255.255.0/24"), 1);
  last.add(seen("255.255.255.255", probe_reason::conn_refused));
  EXPECT_EQ(lines_of(last.draw({})).at(7).substr(0, 15), "255.255.255.224");
  subnet_map high(block("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ff00/120"), 1);
  EXPECT_EQ(lines_of(high.draw({})).size(), 9U);
  subnet_map across(parse_address_range("fd00::ffff:ffff:ffff:fff0-fd00:0:0:1::f").value(), 1);
  across.add(seen("fd00:0:0:1::f", probe_reason::conn_refused));
  EXPECT_EQ(across.cell(ip("fd00:0:0:1::f")), map_cell::closed);
  EXPECT_EQ(lines_of(across.draw({})).at(1),
            "fd00:0:0:1::" + std::string(13 + 2 + 15 + 1, ' ') + "-\n");
}

TEST(subnet_map, fits_the_width) {
  for (const std::string_view text : {"10.0.0.0/24", "255.255.255.0/24", "fd00:10::200/118"}) {
    const subnet_map map(block(text), 1);
    for (unsigned width = 25; width < 120; ++width) {
      for (const std::string& line : lines_of(map.draw({.width = width}))) {
        EXPECT_LE(line.size() - 1, width) << text;
      }
    }
  }
}

// Independent of how rows are made up: each cell is found again at its address.
TEST(subnet_map, shows_each_address_in_its_place) {
  for (const unsigned width : {30U, 40U, 80U}) {
    subnet_map map(block("10.0.0.0/24"), 1);
    for (std::uint32_t host = 0; host < 256; host += 7) {
      map.add(seen("10.0.0." + std::to_string(host), probe_reason::conn_refused));
    }
    std::uint32_t found = 0;
    std::vector<std::string> lines = lines_of(map.draw({.width = width}));
    while (lines.back().find("10.0.0.") == std::string::npos) lines.pop_back();
    for (const std::string& line : lines) {
      const auto first = static_cast<std::uint32_t>(ip(line.substr(0, line.find(' '))).low()) & 255;
      for (std::size_t at = 12; at < line.size(); ++at) {
        if (line[at] != '-') continue;
        const std::size_t cell = (at - 12) - (at - 12) / 9;  // a gap after every eight
        EXPECT_EQ((first + cell) % 7, 0U) << line;
        ++found;
      }
    }
    EXPECT_EQ(found, 37U) << width;
  }
}

}  // namespace
}  // namespace netscan
