#include "netscan/diagnose/policy.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <initializer_list>
#include <optional>
#include <set>
#include <span>
#include <utility>

#include "netscan/target/printable.hpp"
#include "netscan/target/status.hpp"
#include "netscan/target/target_list.hpp"
#include "report/yaml_parse.hpp"

namespace netscan {
namespace {

using detail::yaml_kind;
using detail::yaml_node;

constexpr std::size_t most_text = std::size_t{1} << 20;
constexpr std::uint64_t most_endpoints = std::uint64_t{1} << 40;
constexpr std::size_t most_notices = 8;
constexpr std::string_view words_of_expect = "open, closed, filtered, reachable or blocked";

/// A text of the file, and where it stands.
struct placed_text {
  std::string text;
  std::size_t offset = 0;
};

std::vector<probe_reason> all_reasons() {
  std::vector<probe_reason> reasons;
  for (int i = 0; i <= static_cast<int>(probe_reason::local_error); ++i) {
    reasons.push_back(static_cast<probe_reason>(i));
  }
  return reasons;
}

bool is_blocked(probe_reason reason) {
  return reason == probe_reason::no_response || is_rejection(reason);
}

/// Adds what a word of `expect` stands for; false for one that is none.
bool add_expected(reason_set& allowed, std::string_view word) {
  bool is_known = false;
  for (const probe_reason reason : all_reasons()) {
    const probe_state state = state_of(reason);
    if (state == probe_state::error) continue;
    const bool is_reachable = state == probe_state::open || state == probe_state::closed;
    const bool is_meant = word == to_string(state) || (word == "reachable" && is_reachable) ||
                          (word == "blocked" && is_blocked(reason));
    if (is_meant) allowed.insert(reason);
    is_known |= is_meant;
  }
  return is_known;
}

bool add_reason(reason_set& allowed, std::string_view word) {
  const std::optional<probe_reason> reason = parse_probe_reason(word);
  // What could not be asked says nothing about who reaches what.
  if (!reason || reason == probe_reason::local_error) return false;
  allowed.insert(*reason);
  return true;
}

/// The values of a mapping by their keys, each with where its key stands.
struct field {
  const yaml_node* key = nullptr;
  const yaml_node* value = nullptr;
};

/// Reads the nodes strictly. The first error stays; what is read after it does not count.
class policy_reader {
 public:
  explicit policy_reader(std::string_view text) : text_(text) {}

  absl::StatusOr<policy> read(const std::vector<detail::yaml_document>& documents) && {
    if (documents.empty()) {
      return invalid_argument("line 1, column 1: the policy is empty: expected 'rules:'");
    }
    if (documents.size() > 1) {
      fail(documents[1].offset, "a second document: a policy is one");
      return status_;
    }
    const std::vector<field> fields =
        fields_of(documents.front().root, documents.front().root.offset, "the policy", {"rules"});
    if (status_.ok()) read_rules(fields.front());
    if (!status_.ok()) return status_;
    if (notes_ > most_notices) {
      policy_.notices.push_back(
          fmt::format("{} more targets were not taken as they are", notes_ - most_notices));
    }
    return std::move(policy_);
  }

 private:
  void fail(std::size_t offset, std::string_view what) {
    if (status_.ok()) status_ = invalid_argument("{}: {}", detail::place(text_, offset), what);
  }

  /// Where something stands takes as long to find as the text is, so this is not done for all.
  void note(std::size_t offset, std::string_view what) {
    if (++notes_ > most_notices) return;
    policy_.notices.push_back(fmt::format("{}: {}", detail::place(text_, offset), what));
  }

  /// The values of the keys, in the order of `known`; an error for any other key. `offset` is for
  /// what is no mapping.
  std::vector<field> fields_of(const yaml_node& node, std::size_t offset, std::string_view what,
                               std::initializer_list<std::string_view> known) {
    std::vector<field> fields(known.size());
    const auto expected = [&] { return fmt::format("expected {}", fmt::join(known, ", ")); };
    if (node.kind != yaml_kind::mapping) {
      fail(offset, fmt::format("{} is no mapping: {}", what, expected()));
      return fields;
    }
    for (std::size_t i = 0; i + 1 < node.children.size(); i += 2) {
      const yaml_node& key = node.children[i];
      const auto found = std::find(known.begin(), known.end(), key.value);
      if (key.kind != yaml_kind::scalar || found == known.end()) {
        fail(key.offset, fmt::format("unknown key '{}': {}", excerpt(key.value), expected()));
        return fields;
      }
      field& slot = fields[static_cast<std::size_t>(found - known.begin())];
      if (slot.key != nullptr) fail(key.offset, fmt::format("'{}' comes a second time", key.value));
      slot = {&key, &node.children[i + 1]};
    }
    return fields;
  }

  /// One text, or a list of some.
  std::vector<placed_text> texts_of(const field& of) {
    std::vector<placed_text> texts;
    const yaml_node& value = *of.value;
    const bool is_list = value.kind == yaml_kind::sequence;
    const std::span<const yaml_node> items =
        is_list ? std::span(value.children) : std::span(&value, 1);
    for (const yaml_node& item : items) {
      // Where a value that is not written stands is not known.
      const std::size_t offset = item.kind == yaml_kind::null ? of.key->offset : item.offset;
      if (item.kind == yaml_kind::alias) {
        fail(offset, "an alias is not read here: write out what it stands for, or quote the '*'");
      } else if (item.kind != yaml_kind::scalar || item.value.empty()) {
        fail(offset, fmt::format("'{}' has a value that is no text", of.key->value));
      }
      texts.push_back({item.value, offset});
    }
    if (texts.empty()) fail(value.offset, fmt::format("'{}' is an empty list", of.key->value));
    return texts;
  }

  void read_rules(const field& rules) {
    if (rules.value == nullptr || rules.value->kind != yaml_kind::sequence) {
      const std::size_t offset = rules.key != nullptr ? rules.key->offset : 0;
      return fail(offset, "expected 'rules:' with a list of rules");
    }
    if (rules.value->children.empty()) {
      return fail(rules.key->offset, "there are no rules: such a policy would always hold");
    }
    for (const yaml_node& node : rules.value->children) {
      const bool is_written = node.kind != yaml_kind::null;
      read_rule(node, is_written ? node.offset : rules.key->offset);
      if (!status_.ok()) return;
    }
  }

  void read_rule(const yaml_node& node, std::size_t offset) {
    const std::vector<field> fields = fields_of(
        node, offset, "the rule", {"name", "from", "to", "exclude", "ports", "expect", "reasons"});
    if (!status_.ok()) return;
    const field &name = fields[0], &from = fields[1], &to = fields[2], &exclude = fields[3],
                &ports = fields[4], &expect = fields[5], &reasons = fields[6];
    for (const auto& [needed, key] : {std::pair(&name, "name"), {&to, "to"}, {&ports, "ports"}}) {
      if (needed->key == nullptr) fail(offset, fmt::format("the rule has no '{}'", key));
    }
    if ((expect.key == nullptr) == (reasons.key == nullptr)) {
      fail(offset, fmt::format("the rule needs 'expect' ({}) or else 'reasons', not both",
                               words_of_expect));
    }
    if (!status_.ok()) return;

    const std::string rule_name = name_of(name);
    std::vector<std::string> patterns;
    if (from.key != nullptr) {
      std::set<std::string> known;
      for (placed_text& text : texts_of(from)) {
        if (known.insert(text.text).second) patterns.push_back(std::move(text.text));
      }
    }
    address_set addresses = addresses_of(to);
    if (exclude.key != nullptr) addresses = addresses - addresses_of(exclude);
    port_set all_ports = ports_of(ports);
    reason_set allowed;
    const std::string expected = expect.key != nullptr
                                     ? expectation_of(expect, "expectation", allowed)
                                     : expectation_of(reasons, "reason", allowed);
    if (status_.ok() && addresses.empty()) fail(to.key->offset, "no targets are left");
    if (!status_.ok()) return;
    absl::StatusOr<plan> endpoints =
        plan::make(std::move(addresses), std::move(all_ports), {.order = probe_order::sequential});
    if (!endpoints.ok() || endpoints->total() > most_endpoints) {
      return fail(to.key->offset, "more than 2^40 addresses and ports: no scan answers for these");
    }
    policy_.rules.push_back({rule_name, line_of(offset), std::move(patterns), *std::move(endpoints),
                             expected, allowed});
  }

  std::string name_of(const field& name) {
    if (name.value->kind != yaml_kind::scalar || name.value->value.empty()) {
      fail(name.key->offset, "'name' has a value that is no text");
    } else if (!names_.insert(name.value->value).second) {
      fail(name.value->offset,
           fmt::format("another rule is called '{}' too", excerpt(name.value->value)));
    }
    return name.value->value;
  }

  address_set addresses_of(const field& of) {
    std::vector<address_range> ranges;
    for (const placed_text& target : texts_of(of)) {
      if (!status_.ok()) break;
      if (target.text.starts_with('@')) {
        fail(target.offset,
             fmt::format("'{}': a policy reads no other files", excerpt(target.text)));
        break;
      }
      absl::StatusOr<target_list> list = parse_targets({&target.text, 1});
      if (!list.ok()) {
        fail(target.offset, message_of(list.status()));
        break;
      }
      if (!list->names.empty()) {
        fail(target.offset, fmt::format("'{}': names are not looked up, and results have none: "
                                        "expected addresses",
                                        excerpt(target.text)));
      }
      for (const std::string& notice : list->notices) note(target.offset, notice);
      const std::span<const address_range> more = list->addresses.ranges();
      ranges.insert(ranges.end(), more.begin(), more.end());
    }
    return address_set::of(std::move(ranges));
  }

  port_set ports_of(const field& of) {
    std::vector<port_range> ranges;
    for (const placed_text& ports : texts_of(of)) {
      if (!status_.ok()) break;
      const absl::StatusOr<port_set> set = parse_ports(ports.text);
      if (!set.ok()) {
        fail(ports.offset, message_of(set.status()));
        break;
      }
      ranges.insert(ranges.end(), set->ranges().begin(), set->ranges().end());
    }
    return port_set::of(std::move(ranges));
  }

  /// Adds what is allowed, and returns it as written, each word once.
  std::string expectation_of(const field& of, std::string_view kind, reason_set& allowed) {
    std::string expected;
    std::set<std::string> known;
    for (const placed_text& word : texts_of(of)) {
      if (!status_.ok()) break;
      if (!known.insert(word.text).second) continue;
      const bool is_state = kind == "expectation";
      if (!(is_state ? add_expected(allowed, word.text) : add_reason(allowed, word.text))) {
        fail(word.offset,
             fmt::format("unknown {} '{}': expected {}", kind, excerpt(word.text),
                         is_state ? words_of_expect
                                  : "one as in records, such as no-response or admin-prohibited"));
      }
      expected += (expected.empty() ? "" : " or ") + word.text;
    }
    return expected;
  }

  /// Rules come in the order of the file: each line is counted once.
  std::size_t line_of(std::size_t offset) {
    const std::string_view before = text_.substr(counted_, offset - counted_);
    line_ += static_cast<std::size_t>(std::count(before.begin(), before.end(), '\n'));
    counted_ = offset;
    return line_;
  }

  std::string_view text_;
  absl::Status status_;
  policy policy_;
  std::set<std::string> names_;
  std::size_t notes_ = 0;
  std::size_t counted_ = 0;
  std::size_t line_ = 1;
};

}  // namespace

absl::StatusOr<policy> parse_policy(std::string_view text) {
  if (text.size() > most_text) return invalid_argument("the policy is longer than 1 MiB");
  const absl::StatusOr<std::vector<detail::yaml_document>> documents = detail::parse_yaml(text);
  if (!documents.ok()) return documents.status();
  return policy_reader(text).read(*documents);
}

bool matches(std::string_view pattern, std::string_view vantage) noexcept {
  // Where to go on when what follows the last '*' does not fit: that one takes a character more.
  std::size_t star = pattern.npos;
  std::size_t taken = 0;
  std::size_t p = 0;
  std::size_t v = 0;
  while (v < vantage.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      taken = v;
    } else if (p < pattern.size() && (pattern[p] == '?' || pattern[p] == vantage[v])) {
      ++p;
      ++v;
    } else if (star != pattern.npos) {
      p = star + 1;
      v = ++taken;
    } else {
      return false;
    }
  }
  return pattern.find_first_not_of('*', p) == pattern.npos;
}

}  // namespace netscan
