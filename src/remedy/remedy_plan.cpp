#include "netscan/remedy/remedy_plan.hpp"

#include <fmt/format.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <memory>

#include <boost/json/parse.hpp>

#include "json_text.hpp"
#include "netscan/check/check_request.hpp"
#include "netscan/target/host_name.hpp"
#include "netscan/target/status.hpp"
#include "probe/words.hpp"

namespace netscan {
namespace {

constexpr std::array<std::string_view, 4> plan_check_kind_words = {"answers", "serves", "resolves",
                                                                   "unneeded"};
constexpr std::string_view plan_type = "remedy-plan";

boost::json::array json_of(const std::vector<ip_address>& addresses) {
  boost::json::array array;
  for (const ip_address& address : addresses) {
    array.push_back(boost::json::string(to_string(address)));
  }
  return array;
}

boost::json::object json_of(const plan_check& check) {
  boost::json::object object{{"check", to_string(check.kind)},
                             {"target", detail::json_string(check.target)}};
  if (!check.addresses.empty()) object["addresses"] = json_of(check.addresses);
  if (!check.status.empty()) object["status"] = check.status;
  if (!check.text.empty()) object["text"] = detail::json_string(check.text);
  if (check.any_certificate) object["any_certificate"] = true;
  return object;
}

/// Takes members out of an object and says what is wrong; what is left at the end is not known.
class member_reader {
 public:
  member_reader(const boost::json::object& object, std::string place)
      : object_(object), place_(std::move(place)) {}

  std::string text(std::string_view name, bool required) {
    const boost::json::value* value = take(name, required);
    if (value == nullptr) return "";
    const boost::json::string* string = value->if_string();
    if (string == nullptr) fail(fmt::format("'{}' is not a string", name));
    return string != nullptr ? std::string(string->data(), string->size()) : "";
  }

  bool flag(std::string_view name) {
    const boost::json::value* value = take(name, false);
    if (value == nullptr) return false;
    if (!value->is_bool()) fail(fmt::format("'{}' is neither true nor false", name));
    return value->is_bool() && value->as_bool();
  }

  const boost::json::array* list(std::string_view name, bool required) {
    const boost::json::value* value = take(name, required);
    if (value == nullptr) return nullptr;
    if (!value->is_array()) fail(fmt::format("'{}' is not a list", name));
    return value->if_array();
  }

  std::vector<std::string> texts(std::string_view name, bool required) {
    std::vector<std::string> result;
    const boost::json::array* array = list(name, required);
    if (array == nullptr) return result;
    for (const boost::json::value& item : *array) {
      if (const auto* string = item.if_string()) {
        result.emplace_back(string->data(), string->size());
      } else {
        fail(fmt::format("'{}' has an item that is not a string", name));
      }
    }
    return result;
  }

  std::vector<ip_address> addresses(std::string_view name, bool required) {
    std::vector<ip_address> result;
    for (const std::string& text : texts(name, required)) {
      if (const auto address = parse_ip_address(text); address.ok()) {
        result.push_back(*address);
      } else {
        fail(fmt::format("'{}': {}", name, message_of(address.status())));
      }
    }
    return result;
  }

  void fail(std::string_view what) {
    if (status_.ok()) status_ = invalid_argument("{}{}", place_, what);
  }

  absl::Status end() {
    if (status_.ok() && taken_ != object_.size()) {
      for (const auto& member : object_) {
        if (!is_taken(member.key())) fail(fmt::format("what is '{}'?", excerpt(member.key())));
      }
    }
    return status_;
  }

 private:
  const boost::json::value* take(std::string_view name, bool required) {
    const boost::json::value* value = object_.if_contains(name);
    if (value == nullptr) {
      if (required) fail(fmt::format("'{}' is missing", name));
      return nullptr;
    }
    ++taken_;
    names_.push_back(name);
    return value;
  }

  bool is_taken(std::string_view name) const {
    return std::find(names_.begin(), names_.end(), name) != names_.end();
  }

  const boost::json::object& object_;
  std::string place_;
  std::size_t taken_ = 0;
  std::vector<std::string_view> names_;
  absl::Status status_;
};

absl::Status check_target(const plan_check& check) {
  switch (check.kind) {
    case plan_check_kind::answers: {
      const auto request = parse_check_target(check.target);
      if (!request.ok()) return request.status();
      if (request->protocol == check_protocol::tcp) return absl::OkStatus();
      return invalid_argument("'{}' is not HOST:PORT", excerpt(check.target));
    }
    case plan_check_kind::serves: {
      const auto request = parse_check_target(check.target);
      if (!request.ok()) return request.status();
      if (request->protocol == check_protocol::http || request->protocol == check_protocol::https) {
        return absl::OkStatus();
      }
      return invalid_argument("'{}' is no URL of http or https", excerpt(check.target));
    }
    case plan_check_kind::resolves:
      if (is_host_name(check.target)) return absl::OkStatus();
      return invalid_argument("'{}' is no host name", excerpt(check.target));
    case plan_check_kind::unneeded:
      return parse_ip_address(check.target).status();
  }
  return absl::OkStatus();
}

absl::StatusOr<plan_check> check_of(const boost::json::value& value, const std::string& place) {
  if (!value.is_object()) return invalid_argument("{}it is not an object", place);
  member_reader members(value.as_object(), place);
  plan_check check;
  const std::string kind = members.text("check", true);
  check.target = members.text("target", true);
  const auto known = parse_plan_check_kind(kind);
  if (!known) {
    members.fail(fmt::format("unknown check '{}'", excerpt(kind)));
    return members.end();
  }
  check.kind = *known;
  const bool at_addresses =
      check.kind == plan_check_kind::serves || check.kind == plan_check_kind::resolves;
  if (at_addresses) {
    check.addresses = members.addresses("addresses", true);
    if (check.addresses.empty()) members.fail("'addresses' is empty");
  }
  if (check.kind == plan_check_kind::serves) {
    check.status = members.text("status", false);
    check.text = members.text("text", false);
    check.any_certificate = members.flag("any_certificate");
    if (!check.status.empty()) {
      const absl::Status status = parse_status_ranges(check.status).status();
      if (!status.ok()) members.fail(message_of(status));
    }
  }
  if (const absl::Status status = check_target(check); !status.ok()) {
    members.fail(message_of(status));
  }
  if (absl::Status status = members.end(); !status.ok()) return status;
  return check;
}

}  // namespace

std::string_view to_string(plan_check_kind kind) noexcept {
  return detail::word(plan_check_kind_words, kind);
}

std::optional<plan_check_kind> parse_plan_check_kind(std::string_view text) noexcept {
  return detail::parse_word<plan_check_kind>(plan_check_kind_words, text);
}

std::string to_json(const remedy_plan& plan) {
  boost::json::array checks;
  for (const plan_check& check : plan.checks) checks.push_back(json_of(check));
  return detail::json_text(boost::json::object{{"type", plan_type},
                                               {"netscan", plan.version},
                                               {"service", plan.service},
                                               {"vips", json_of(plan.vips)},
                                               {"old_vips", json_of(plan.old_vips)},
                                               {"hosts", detail::json_strings(plan.hosts)},
                                               {"checks", std::move(checks)}});
}

absl::StatusOr<remedy_plan> parse_remedy_plan(std::string_view text, std::string_view name) {
  boost::json::error_code error;
  const boost::json::value document = boost::json::parse(text, error);
  if (error) return invalid_argument("{}: no JSON: {}", name, error.message());
  if (!document.is_object()) return invalid_argument("{}: no remedy plan", name);
  member_reader members(document.as_object(), fmt::format("{}: ", name));
  if (const std::string type = members.text("type", true); type != plan_type) {
    return invalid_argument("{}: no remedy plan: its type is '{}', not '{}'", name, excerpt(type),
                            plan_type);
  }
  remedy_plan plan;
  plan.version = members.text("netscan", true);
  plan.service = members.text("service", true);
  plan.vips = members.addresses("vips", true);
  plan.old_vips = members.addresses("old_vips", false);
  plan.hosts = members.texts("hosts", true);
  const boost::json::array* checks = members.list("checks", true);
  if (absl::Status status = members.end(); !status.ok()) return status;
  for (std::size_t i = 0; i < checks->size(); ++i) {
    absl::StatusOr<plan_check> check =
        check_of((*checks)[i], fmt::format("{}: check {}: ", name, i + 1));
    if (!check.ok()) return check.status();
    plan.checks.push_back(*std::move(check));
  }
  if (plan.checks.empty()) return invalid_argument("{}: no checks are in it", name);
  return plan;
}

absl::StatusOr<remedy_plan> read_remedy_plan(const std::string& path) {
  constexpr std::size_t most = 1 << 20;
  const bool standard = path == "-";
  std::unique_ptr<std::FILE, int (*)(std::FILE*)> opened(
      standard ? nullptr : std::fopen(path.c_str(), "re"),
      [](std::FILE* f) { return f == nullptr ? 0 : std::fclose(f); });
  std::FILE* const file = standard ? stdin : opened.get();
  if (file == nullptr) {
    return absl::ErrnoToStatus(errno, fmt::format("cannot read '{}'", printable(path)));
  }
  std::string text(most + 1, '\0');
  errno = 0;
  text.resize(std::fread(text.data(), 1, text.size(), file));
  if (std::ferror(file)) {
    return absl::ErrnoToStatus(errno, fmt::format("cannot read '{}'", printable(path)));
  }
  if (text.size() > most) return invalid_argument("{}: longer than 1 MiB, so no plan", path);
  return parse_remedy_plan(text, standard ? "standard input" : path);
}

}  // namespace netscan
