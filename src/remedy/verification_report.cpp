// A verification as a table for people and as JSON for programs.
#include <fmt/format.h>

#include <algorithm>

#include "indented_text.hpp"
#include "json_text.hpp"
#include "netscan/remedy/verify.hpp"
#include "netscan/target/printable.hpp"

namespace netscan {
namespace {

constexpr std::string_view indent = "      ";

std::string_view mark_of(verify_outcome outcome) {
  switch (outcome) {
    case verify_outcome::holds:
      return "ok";
    case verify_outcome::fails:
      return "FAIL";
    case verify_outcome::unknown:
      return "?";
  }
  return "";
}

std::string list_of(const std::vector<ip_address>& addresses, std::string_view gap) {
  std::string text;
  for (const ip_address& address : addresses) {
    if (!text.empty()) text += gap;
    text += to_string(address);
  }
  return text;
}

/// `https://gitlab.ailab.com/ at fd00::1` only where there are several addresses to tell apart.
std::string target_of(const verified_check& verified) {
  std::string text = printable(verified.check.target);
  if (verified.address && verified.check.addresses.size() > 1) {
    text += fmt::format(" at {}", *verified.address);
  }
  return text;
}

std::string title_of(const verification& found) {
  std::string text = fmt::format("{} at {}", printable(found.service), list_of(found.vips, ", "));
  if (!found.vantage.empty()) text += ", seen from " + printable(found.vantage);
  return text + "\n\n";
}

std::string table_of(const verification& found) {
  std::size_t width = 5;
  for (const verified_check& each : found.checks) {
    width = std::max(width, target_of(each).size());
  }
  std::string text = fmt::format("{:<6}{:<10}{:<{}}  SAW\n", "", "CHECK", "", width);
  for (const verified_check& each : found.checks) {
    text += fmt::format("{:<6}{:<10}{:<{}}  {}\n", mark_of(each.outcome),
                        to_string(each.check.kind), target_of(each), width, each.seen);
  }
  return text;
}

/// Each diagnosis once, below the checks that it is for.
std::string diagnoses_of(const verification& found) {
  std::string text;
  std::vector<const verified_check*> open;
  for (const verified_check& each : found.checks) {
    if (each.outcome != verify_outcome::holds) open.push_back(&each);
  }
  while (!open.empty()) {
    const std::string& diagnosis = open.front()->diagnosis;
    const std::string_view mark = mark_of(open.front()->outcome);
    detail::indented_text targets(indent, ",");
    std::erase_if(open, [&](const verified_check* each) {
      if (each->diagnosis != diagnosis || mark_of(each->outcome) != mark) return false;
      targets.add(target_of(*each));
      return true;
    });
    // The first line's indentation makes room for the mark.
    text += fmt::format("\n{:<6}{}", mark, targets.text().substr(indent.size()));
    text += detail::indented_words(diagnosis, indent);
  }
  return text;
}

boost::json::object json_of(const verified_check& verified) {
  boost::json::object object{{"check", to_string(verified.check.kind)},
                             {"target", detail::json_string(verified.check.target)}};
  if (verified.address) object["at"] = to_string(*verified.address);
  object["outcome"] = to_string(verified.outcome);
  object["reason"] = verified.reason;
  object["seen"] = detail::json_string(verified.seen);
  object["diagnosis"] = detail::json_string(verified.diagnosis);
  object["duration_us"] = verified.duration_us;
  return object;
}

}  // namespace

std::string verification_text(const verification& found) {
  return title_of(found) + table_of(found) +
         fmt::format("\n{} of {} hold{}\n", found.count(verify_outcome::holds), found.checks.size(),
                     found.checks.size() == 1 ? "s" : "") +
         diagnoses_of(found);
}

std::string verification_json(const verification& found) {
  boost::json::array checks;
  for (const verified_check& each : found.checks) checks.push_back(json_of(each));
  boost::json::array vips;
  for (const ip_address& vip : found.vips) vips.push_back(boost::json::string(to_string(vip)));
  return detail::json_text(boost::json::object{{"type", "verification"},
                                               {"vantage", detail::json_string(found.vantage)},
                                               {"service", detail::json_string(found.service)},
                                               {"holds", found.holds()},
                                               {"vips", std::move(vips)},
                                               {"checks", std::move(checks)}});
}

}  // namespace netscan
