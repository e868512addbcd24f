#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "netscan/target/port_set.hpp"
#include "nmap_words.hpp"
#include "output.hpp"
#include "record_sorter.hpp"
#include "result_json.hpp"
#include "writers.hpp"
#include "xml_text.hpp"

namespace netscan::detail {
namespace {

using boost::system::error_code;

constexpr std::size_t records_in_memory = std::size_t{1} << 18;
// Of one state of one host; with more, nmap only counts them (portlist.cc: isIgnoredState()).
constexpr std::size_t most_ports_listed = 25;
constexpr std::size_t most_targets_in_command = 32;

std::chrono::sys_seconds whole_seconds(timestamp time) {
  return std::chrono::floor<std::chrono::seconds>(time);
}

/// As ctime(3) has it, which nmap writes; in UTC.
std::string ctime_text(timestamp time) {
  return fmt::format("{:%a %b %e %H:%M:%S %Y}", whole_seconds(time));
}

/// The command, as far as the header has it.
std::string command_of(const scan_header& h) {
  std::string text = "netscan sweep";
  for (std::size_t i = 0; i < std::min(h.targets.size(), most_targets_in_command); ++i) {
    text += ' ' + h.targets[i];
  }
  if (h.targets.size() > most_targets_in_command) text += " ...";
  return text + " -p " + h.ports;
}

/// nmap's XML, by its DTD (nmap.dtd, xmloutputversion 1.05), a host element an address.
///
/// What its elements have no place for stands beside them: each record as JSON, in a processing
/// instruction that other readers pass over. netscan reads only these, so nothing is lost.
///
/// A host is always "up" because of "user-set", as `nmap -Pn` writes it, and for the same reason:
/// nobody was pinged first, so the state of the host is nothing that was found out; that of its
/// ports is. A probe that this host could not ask is a port in state "unknown".
///
/// Hosts come in the order of their addresses, so nothing but the beginning is written before the
/// end of the scan.
class xml_writer final : public result_writer {
 public:
  explicit xml_writer(int fd) : output_(fd), sorter_(records_in_memory) {}

  error_code begin(const scan_header& header) override {
    start_ = header.start;
    is_foreign_ = header.is_foreign();
    line_buffer vantage;
    append_json_string(vantage, header.vantage);
    vantage_ = vantage.view();
    put_beginning(header);
    return flush();
  }

  error_code add(std::span<const probe_record> records) override {
    for (const probe_record& record : records) {
      if (error_) break;
      error_ = sorter_.add(record);
    }
    return error_ ? error_ : output_.error();
  }

  error_code end(const scan_summary& summary) override {
    if (error_) return error_;
    const error_code error =
        sorter_.hand_out([this](std::span<const probe_record> records) { return take(records); });
    if (error) return error;
    if (!host_.empty()) put_host();
    put_end(summary);
    return flush();
  }

 private:
  /// Takes sorted records; those of one address are a host.
  error_code take(std::span<const probe_record> records) {
    for (const probe_record& record : records) {
      if (!host_.empty() && host_.front().ip != record.ip) {
        put_host();
        if (const error_code error = flush()) return error;
      }
      host_.push_back(record);
    }
    return {};
  }

  void put_beginning(const scan_header& h) {
    line_ << R"(<?xml version="1.0" encoding="UTF-8"?>)"
          << "\n<!DOCTYPE nmaprun>\n"
          << R"(<nmaprun scanner="nmap")";
    if (!h.is_foreign()) {
      line_ << R"( args=")";
      append_xml_text(line_, command_of(h));
      line_ << '"';
    }
    line_ << R"( start=")" << whole_seconds(h.start).time_since_epoch().count() << R"(" startstr=")"
          << ctime_text(h.start) << R"(" version=")";
    append_xml_text(line_, made_by(h.scanner, h.version));
    line_ << "\" xmloutputversion=\"1.05\">\n";
    json_.clear();
    append_scan_record(json_, h, time_);
    append_json_instruction(line_, json_.view());
    const auto ports = parse_ports(h.ports);
    line_ << "\n"
          << R"(<scaninfo type=")"
          << std::string_view(h.is_foreign() && !h.by_errno ? "syn" : "connect")
          << R"(" protocol="tcp" numservices=")" << (ports.ok() ? ports->size() : 0)
          << R"(" services=")";
    append_xml_text(line_, ports.ok() ? to_string(*ports) : h.ports);
    line_ << "\"/>\n<verbose level=\"0\"/>\n<debugging level=\"0\"/>\n";
  }

  void put_host() {
    ++hosts_;
    timestamp last = host_.front().time;
    for (const probe_record& record : host_) last = std::max(last, record.time);
    line_ << R"(<host endtime=")" << whole_seconds(last).time_since_epoch().count()
          << R"("><status state="up" reason="user-set" reason_ttl="0"/>)"
          << "\n"
          << R"(<address addr=")";
    put_address(host_.front().ip);
    line_ << R"(" addrtype=")" << std::string_view(host_.front().ip.is_v6() ? "ipv6" : "ipv4")
          << "\"/>\n<ports>\n";
    // The DTD wants what is only counted before what is listed.
    std::vector<std::string_view> counted;
    for (const probe_state state :
         {probe_state::filtered, probe_state::closed, probe_state::error}) {
      if (put_counted(state)) counted.push_back(nmap_state(state));
    }
    for (const probe_record& record : host_) {
      const std::string_view state = nmap_state(record.state());
      if (std::find(counted.begin(), counted.end(), state) == counted.end()) put_port(record);
    }
    line_ << "</ports>\n</host>\n";
    host_.clear();
  }

  /// The ports of this state, when they are too many to be listed.
  bool put_counted(probe_state state) {
    std::map<std::string_view, std::vector<port_range>> ports;  // by nmap's reason
    std::size_t count = 0;
    for (const probe_record& record : host_) {
      if (record.state() != state) continue;
      ports[nmap_reason(record.reason)].push_back({record.port, record.port});
      ++count;
    }
    if (count <= most_ports_listed) return false;
    line_ << R"(<extraports state=")" << nmap_state(state) << R"(" count=")" << count << "\">\n";
    for (const probe_record& record : host_) {
      if (record.state() == state) put_json(record);
    }
    for (auto& [reason, list] : ports) {
      const port_set set = port_set::of(std::move(list));
      line_ << R"(<extrareasons reason=")" << reason << R"(" count=")" << set.size()
            << R"(" proto="tcp" ports=")" << to_string(set) << "\"/>\n";
    }
    line_ << "</extraports>\n";
    return true;
  }

  void put_port(const probe_record& record) {
    line_ << R"(<port protocol="tcp" portid=")" << record.port << "\">";
    line_ << R"(<state state=")" << nmap_state(record.state()) << R"(" reason=")"
          << nmap_reason(record.reason) << R"(" reason_ttl="0")";
    if (record.icmp) {
      line_ << R"( reason_ip=")";
      put_address(record.icmp->from);
      line_ << '"';
    }
    line_ << "/>\n";
    put_json(record);
    line_ << "</port>\n";
  }

  /// A zone is an interface's name, in which Linux allows even quotes.
  void put_address(const ip_address& address) {
    if (address.zone() == 0) {
      line_ << address;
    } else {
      append_xml_text(line_, to_string(address));
    }
  }

  void put_json(const probe_record& record) {
    json_.clear();
    append_probe_record(json_, vantage_, record, time_);
    append_json_instruction(line_, json_.view());
    line_ << '\n';
  }

  void put_end(const scan_summary& s) {
    json_.clear();
    append_summary_record(json_, s);
    append_json_instruction(line_, json_.view());
    // A file may say anything, and a time must stay one.
    constexpr std::uint64_t most = std::uint64_t{1} << 40;
    const timestamp end = start_ + std::chrono::milliseconds(std::min(s.duration_ms, most));
    line_ << "\n<runstats><finished time=\"" << whole_seconds(end).time_since_epoch().count()
          << R"(" timestr=")" << ctime_text(end) << R"(" elapsed=")"
          << fmt::format("{}.{:02}", s.duration_ms / 1000, s.duration_ms % 1000 / 10) << '"';
    if (s.complete || is_foreign_) {  // whether another tool's scan was complete is not known
      line_ << R"( exit="success")";
    } else {
      line_ << R"( exit="error" errormsg="not complete: )" << s.not_started << " of " << s.planned
            << R"( probes have no result")";
    }
    line_ << "/><hosts up=\"" << hosts_ << R"(" down="0" total=")" << hosts_
          << "\"/>\n</runstats>\n</nmaprun>\n";
  }

  error_code flush() {
    const error_code error = output_.write(line_.view());
    line_.clear();
    return error;
  }

  output output_;
  record_sorter sorter_;
  error_code error_;  // of the sorter
  timestamp start_{};
  bool is_foreign_ = false;
  std::string vantage_;             // as JSON
  std::vector<probe_record> host_;  // the records of the one that is being written
  std::uint64_t hosts_ = 0;
  line_buffer line_;
  line_buffer json_;
  time_text time_;
};

}  // namespace

std::unique_ptr<result_writer> make_xml_writer(int fd) {
  return std::make_unique<xml_writer>(fd);
}

}  // namespace netscan::detail
