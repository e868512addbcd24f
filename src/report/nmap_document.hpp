/// What nmap's XML says (`-oX`), and masscan's, which is written like it.
///
/// Source: nmap.dtd (7.93), and files of nmap 7.93 and masscan 1.3.2.
#pragma once

#include <bitset>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "json_parser.hpp"
#include "results_builder.hpp"
#include "xml_attributes.hpp"

namespace netscan::detail {

/// Takes the elements of a document as they come. Each call returns what is wrong, or nothing.
///
/// Of netscan's own files only its processing instructions are read. Of others a host becomes
/// records when its element ends; all that is not TCP, and states that a connection cannot tell,
/// are passed over and counted for a notice.
class nmap_document {
 public:
  explicit nmap_document(results_builder& results) : results_(results) {}

  std::string begin(std::string_view element, const xml_attributes& attributes);
  std::string end(std::string_view element);
  std::string instruction(std::string_view target, std::string_view data);

  /// At the end of the file, whether or not it is the document's.
  void finish();

 private:
  struct host {
    std::optional<ip_address> address;
    std::optional<timestamp> time;
    std::vector<probe_record> probes;
    std::bitset<65536> seen;
  };

  std::string begin_run(const xml_attributes& attributes);
  std::string begin_in_host(std::string_view element, const xml_attributes& attributes);
  std::string take_address(const xml_attributes& attributes);
  std::string take_port(const xml_attributes& attributes);
  std::string take_state(const xml_attributes& attributes);
  std::string take_counted(const xml_attributes& attributes);
  std::string add_probe(std::uint16_t port, probe_reason reason,
                        const std::optional<ip_address>& sender);
  std::string end_host();
  void begin_scan();

  results_builder& results_;
  json_parser parser_{"JSON"};
  bool has_root_ = false;
  bool is_own_ = false;    // it has netscan's records
  bool has_scan_ = false;  // its header is with the results
  scan_header header_;
  std::optional<host> host_;
  bool host_has_ports_ = false;        // of whatever kind
  std::optional<std::uint16_t> port_;  // whose state comes next
  std::string counted_state_;          // of the extraports that are being read
  std::uint64_t counted_ = 0;          // of all hosts, where they have to be kept
  std::uint64_t hosts_ = 0;            // with ports
  std::uint64_t all_hosts_ = 0;        // as the document counts them
  std::uint64_t nameless_ = 0;         // ports that are only counted
  std::uint64_t without_state_ = 0;    // ports whose state tells nothing
  std::uint64_t other_protocols_ = 0;
};

}  // namespace netscan::detail
