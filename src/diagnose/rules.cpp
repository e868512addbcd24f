#include "rules.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace netscan::detail {
namespace {

conclusion certain(std::string text) {
  return {std::move(text), false};
}
conclusion likely(std::string text) {
  return {std::move(text), true};
}
conclusion nothing_more(const view&) {
  return {};
}

/// Whether a vantage at which TLS fails and one that sees something else have been shown the same
/// certificate, or another one.
bool certificates_are(const view& view, bool same, bool only_not_trusted) {
  for (const observation* const failed : view.by(sight::tls_fails)) {
    if (only_not_trusted && !failed->word.starts_with("tls cert-")) continue;
    for (const observation& other : view.of().seen) {
      const bool both = !failed->certificate.empty() && !other.certificate.empty();
      if (!both || other.word == failed->word) continue;
      if ((failed->certificate == other.certificate) == same) return true;
    }
  }
  return false;
}

bool is_broken_off(const view& view) {
  const std::span<const observation> seen = view.of().seen;
  return std::any_of(seen.begin(), seen.end(), [](const observation& o) { return o.broken_off; });
}

/// All that were rejected were so by the very address that they asked.
bool host_rejects(const view& view) {
  const std::vector<const observation*> rejected = view.by(sight::rejected);
  return std::all_of(rejected.begin(), rejected.end(), [](const observation* seen) {
    return seen->sender && seen->sender == seen->address;
  });
}

bool rejecters_are_known(const view& view) {
  const std::vector<const observation*> rejected = view.by(sight::rejected);
  return std::all_of(rejected.begin(), rejected.end(),
                     [](const observation* seen) { return seen->sender.has_value(); });
}

bool is_above_tcp(const view& view) {
  return view.is_up() && view.cuts() == 0;
}

template <sight What>
bool all_saw(const view& view) {
  return view.all_saw(What);
}

template <sight What>
bool is_up_and_cut_by(const view& view) {
  return view.is_up() && view.is_cut_only_by(What);
}

constexpr rule rules[] = {
    // What cannot be compared.
    {diagnosis_kind::nobody_could_ask, "nobody-could-ask",
     [](const view& v) { return v.is_blind(); }, nothing_more},
    {diagnosis_kind::unknown_elsewhere, "unknown-elsewhere",
     [](const view& v) { return v.has(sight::could_not_ask) && v.is_uniform(); },
     [](const view& v) {
       return certain(
           fmt::format("what {} would meet is not known", v.names(sight::could_not_ask)));
     }},

    // Names.
    {diagnosis_kind::other_address, "other-address",
     [](const view& v) { return differ(v.of().seen) && resolves_differently(v.of().seen); },
     [](const view&) { return certain("they did not ask the same address"); }},
    {diagnosis_kind::name_unknown, "name-unknown", all_saw<sight::no_name>,
     [](const view&) { return certain("no vantage knows the name"); }},
    {diagnosis_kind::name_unknown_elsewhere, "name-unknown-elsewhere",
     [](const view& v) { return v.has(sight::no_name); },
     [](const view& v) {
       return certain(
           fmt::format("DNS or the hosts file of {} lacks the name", v.names(sight::no_name)));
     }},

    // What has changed while it was looked at.
    {diagnosis_kind::answer_changed, "answer-changed",
     [](const view& v) { return v.a_trace_contradicts(); },
     [](const view&) {
       return likely("the answer has changed, or comes only to some connections");
     }},

    // All see the same.
    {diagnosis_kind::ok, "ok", all_saw<sight::answers>, nothing_more},
    {diagnosis_kind::service_down, "service-down", all_saw<sight::closed>,
     [](const view&) { return likely("the host is up, and nothing listens on the port"); }},
    {diagnosis_kind::refused_everywhere, "refused-everywhere",
     [](const view& v) {
       return v.has(sight::refused) && v.saw_only({sight::refused, sight::closed});
     },
     [](const view& v) {
       return v.has(sight::closed)
                  ? likely("the host is up, and nothing listens on the port")
                  : certain("whether the host itself refuses or a firewall is not known");
     }},
    {diagnosis_kind::rejected_everywhere, "rejected-everywhere", all_saw<sight::rejected>,
     [](const view&) { return certain("whether the service is up is not known"); }},
    {diagnosis_kind::address_free, "address-free", all_saw<sight::nobody>,
     [](const view& v) {
       return conclusion{"nobody has the address", !v.is_certainly_free()};
     }},
    {diagnosis_kind::no_way, "no-way", all_saw<sight::no_route>,
     [](const view&) { return certain("no way leads there"); }},
    {diagnosis_kind::in_a_circle, "in-a-circle", all_saw<sight::circle>,
     [](const view&) { return likely("the routes make a circle"); }},
    {diagnosis_kind::icmp_error, "icmp-error", all_saw<sight::icmp_error>, nothing_more},
    {diagnosis_kind::silent_everywhere, "silent-everywhere", all_saw<sight::silent>,
     [](const view&) {
       return certain("down, not there, or dropped on every way; silence does not tell which");
     }},

    // TCP is open from all, and what is above it is not.
    {diagnosis_kind::other_certificate, "other-certificate",
     [](const view& v) { return is_above_tcp(v) && certificates_are(v, false, false); },
     [](const view&) {
       return likely("the certificates differ: another server, or something on the way, answers");
     }},
    {diagnosis_kind::other_trust, "other-trust",
     [](const view& v) { return is_above_tcp(v) && certificates_are(v, true, true); },
     [](const view&) {
       return certain(
           "the certificate is the same; the vantages trust others, or their clocks differ");
     }},
    {diagnosis_kind::broken_off, "broken-off",
     [](const view& v) { return is_above_tcp(v) && !v.is_uniform() && is_broken_off(v); },
     [](const view&) {
       return likely("TCP is open from all, and something on the way cuts in after that");
     }},
    {diagnosis_kind::service_fault, "service-fault",
     [](const view& v) { return is_above_tcp(v) && v.is_uniform(); },
     [](const view&) { return likely("a fault of the service, not of the way to it"); }},
    {diagnosis_kind::fault_above_tcp, "fault-above-tcp", is_above_tcp,
     [](const view&) {
       return certain("TCP is open from all; they differ in what answers above it");
     }},

    // Connected from some, cut off from others in one manner.
    {diagnosis_kind::blocked, "blocked", is_up_and_cut_by<sight::silent>,
     [](const view& v) {
       return conclusion{"blocked on the way, not at the service",
                         !v.traces_confirm(sight::silent)};
     }},
    {diagnosis_kind::rejected_by_host, "rejected-by-host",
     [](const view& v) { return is_up_and_cut_by<sight::rejected>(v) && host_rejects(v); },
     [](const view&) {
       return certain("rejected by the host's own firewall, not by the service");
     }},
    {diagnosis_kind::rejected_on_the_way, "rejected-on-the-way", is_up_and_cut_by<sight::rejected>,
     [](const view& v) {
       return conclusion{"rejected on the way, not at the service", !rejecters_are_known(v)};
     }},
    {diagnosis_kind::refused_elsewhere, "refused-elsewhere", is_up_and_cut_by<sight::closed>,
     [](const view&) {
       return likely(
           "a firewall refuses in the host's name, or the host itself lets only some in; a RST "
           "does "
           "not say who sent it");
     }},
    {diagnosis_kind::refused_on_the_way, "refused-on-the-way", is_up_and_cut_by<sight::refused>,
     [](const view&) {
       return likely(
           "a firewall refuses or rejects, or the host itself lets only some in; nmap -sS or "
           "netscan would tell which");
     }},
    {diagnosis_kind::not_found_elsewhere, "not-found-elsewhere", is_up_and_cut_by<sight::nobody>,
     [](const view& v) {
       return likely(fmt::format(
           "the way from {} leads to another link than where it answers, or ARP fails on it",
           v.names(sight::nobody)));
     }},
    {diagnosis_kind::no_route_elsewhere, "no-route-elsewhere", is_up_and_cut_by<sight::no_route>,
     [](const view&) { return certain("a matter of routes, not of the service"); }},
    {diagnosis_kind::circle_elsewhere, "circle-elsewhere", is_up_and_cut_by<sight::circle>,
     [](const view&) { return likely("the routes make a circle; not a matter of the service"); }},
    {diagnosis_kind::cut_elsewhere, "cut-elsewhere", [](const view& v) { return v.is_up(); },
     [](const view& v) {
       return certain(v.cuts() > 1 ? "the service is up; each other way is cut in its own manner"
                                   : "the service is up; the other way is cut");
     }},

    // Connected from nowhere.
    {diagnosis_kind::forged_reset, "forged-reset",
     [](const view& v) { return v.has(sight::closed) && v.is_certainly_free(); },
     [](const view&) {
       return likely("a firewall refuses in the name of an address that nobody has");
     }},
    {diagnosis_kind::down_and_cut, "down-and-cut",
     [](const view& v) { return v.has(sight::closed); },
     [](const view&) {
       return likely("nothing listens on the port, and the other ways are cut besides");
     }},
    {diagnosis_kind::nobody_there, "nobody-there",
     [](const view& v) { return v.has(sight::nobody); },
     [](const view& v) {
       return conclusion{"nobody has the address, whatever the other ways let through",
                         !v.is_certainly_free()};
     }},
    {diagnosis_kind::not_reached, "not-reached", [](const view&) { return true; },
     [](const view&) {
       return certain("reached from nowhere; whether the service is up is not known");
     }},
};

}  // namespace

std::span<const rule> diagnosis_rules() noexcept {
  return rules;
}

}  // namespace netscan::detail
