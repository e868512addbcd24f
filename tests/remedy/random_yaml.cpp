#include "random_yaml.hpp"

#include <algorithm>
#include <array>
#include <random>
#include <string_view>
#include <vector>

namespace netscan::testing {
namespace {

constexpr std::array<std::string_view, 20> plain_texts = {"a",
                                                          "ce",
                                                          "true",
                                                          "no",
                                                          "0x1f",
                                                          "1.5",
                                                          "10.0.0.216",
                                                          "10.0.0.1",
                                                          "ailab.com",
                                                          "a-b_c",
                                                          "text with words",
                                                          "http://x/y#z",
                                                          "2026-01-05",
                                                          "ä€😀",
                                                          "a\tb",
                                                          "externalIP",
                                                          "'",
                                                          "it's",
                                                          "x: y",
                                                          "a #b"};

constexpr std::array<std::string_view, 16> odd_texts = {
    "",    " ",        "# none",  "externalIP: 10.0.0.216",
    "- a", "[x",       "{y: z",   "null",
    "~",   "\"q\" \\", "*a",      "&a",
    "!t",  "%d",       "a: b: c", "@`|>"};

constexpr std::array<std::string_view, 14> keys = {
    "edition", "ingress", "domain", "a.b/c",       "x-y", "_z",    "A1",
    "kü",      "smtp",    "psql",   "annotations", "tls", "rails", "runner"};

enum class node_state : std::uint8_t { filled, empty, absent };

class writer {
 public:
  explicit writer(std::uint32_t seed) : random_(seed) {}

  random_yaml write() {
    result_.state = static_cast<target_state>(below(5));
    if (chance(10)) line("# leading comment");
    if (chance(20)) line(chance(50) ? "---" : "--- # first");
    if (chance(15)) {
      comments(0);
      root_flow();
    } else {
      step_ = 1 + below(5);
      const std::size_t indent = chance(10) ? 1 + below(3) : 0;
      mapping(indent, level::root);
    }
    if (chance(15)) more_documents();
    finish();
    return std::move(result_);
  }

 private:
  enum class level : std::uint8_t { root, global, hosts, other };

  // --- chance ---

  std::size_t below(std::size_t n) { return random_() % n; }
  bool chance(std::size_t percent) { return below(100) < percent; }
  template <std::size_t N>
  std::string_view one_of(const std::array<std::string_view, N>& all) {
    return all[below(N)];
  }

  // --- text ---

  std::string& text() { return result_.text; }
  void put(std::string_view piece) { text() += piece; }
  void line(std::string_view piece) { put(std::string(piece) + "\n"); }
  void spaces(std::size_t count) { put(std::string(count, ' ')); }

  /// Blank lines and comments, which may stand anywhere between entries.
  void comments(std::size_t indent) {
    if (chance(8)) line(chance(50) ? "" : std::string(below(6), ' '));
    if (!chance(12)) return;
    spaces(chance(70) ? indent : below(8));
    line("# global: {hosts: {externalIP: 10.0.0.216}}");
  }

  /// The rest of a line behind a value.
  void end_line() {
    if (chance(10)) spaces(1 + below(3));
    if (chance(15)) put(chance(80) ? " # comment: \"x" : "\t# tab");
    put("\n");
  }

  // --- scalars ---

  static bool is_word_start(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
  }

  bool can_be_plain(std::string_view value, bool flow) const {
    if (value.empty() || !is_word_start(value.front())) return false;
    if (value.find(": ") != value.npos || value.find(" #") != value.npos) return false;
    return !flow || value.find_first_of(",[]{}?:#\t") == value.npos;
  }

  void double_quoted(std::string_view value) {
    put("\"");
    for (const char c : value) {
      if (c == '"' || c == '\\') put("\\");
      if (c == '\n')
        put("\\n");
      else if (c == '\t' && chance(50))
        put("\\t");
      else
        put(std::string(1, c));
    }
    put("\"");
  }

  void single_quoted(std::string_view value) {
    put("'");
    for (const char c : value) {
      put(std::string(1, c));
      if (c == '\'') put("'");
    }
    put("'");
  }

  void scalar(std::string_view value, bool flow) {
    if (can_be_plain(value, flow) && chance(60)) return put(value);
    chance(50) ? double_quoted(value) : single_quoted(value);
  }

  /// A scalar over several lines, which are indented by at least `indent`.
  void long_scalar(std::size_t indent) {
    const std::string gap = "\n" + std::string(indent + below(4), ' ');
    switch (below(4)) {
      case 0:
        put("plain text" + gap + "global:x" + gap + "externalIP 'y");
        break;
      case 1:
        put("'single" + std::string(chance(50) ? "\n" : "") + gap + "it''s: # no" + gap + "'");
        break;
      case 2:
        put("\"double \\" + gap + "\\\"externalIP: x" + gap + "\"");
        break;
      default:
        put("\"" + gap + "# a" + gap + "b\"");
        break;
    }
    end_line();
  }

  /// A literal or folded scalar in a collection at `indent`.
  void block_scalar(std::size_t indent) {
    const std::size_t by = 1 + below(4);
    put(chance(50) ? "|" : ">");
    const bool explicit_indent = chance(20);
    const std::size_t chomp = below(4);
    if (explicit_indent) put(std::to_string(by));
    if (chomp < 2) put(chomp == 0 ? "-" : "+");
    put(chance(20) ? " # header\n" : "\n");
    const std::size_t count = 1 + below(4);
    for (std::size_t i = 0; i < count; ++i) {
      if (i > 0 && chance(25)) line("");
      spaces(indent + by + (explicit_indent && chance(30) ? 2 : 0));
      line(chance(50) ? "externalIP: 10.0.0.216 # text" : "# text\t\"'");
    }
    if (chance(30)) line("");
  }

  // --- what stands at a key ---

  std::string key_text(std::string_view name) {
    if (chance(85)) return std::string(name);
    return chance(50) ? "\"" + std::string(name) + "\"" : "'" + std::string(name) + "'";
  }

  /// Names that are not in the mapping yet.
  std::vector<std::string_view> some_keys(std::size_t most) {
    std::vector<std::string_view> names(keys.begin(), keys.end());
    std::shuffle(names.begin(), names.end(), random_);
    names.resize(below(most + 1));
    return names;
  }

  std::string new_anchor() { return "a" + std::to_string(anchors_++); }

  /// A tag or an anchor.
  void properties() {
    if (chance(5)) put("!!str ");
    if (chance(5)) {
      aliasable_.push_back(new_anchor());
      put("&" + aliasable_.back() + " ");
    }
  }

  /// The value of an entry of a block collection at `indent`, behind `key:` or `-`.
  void any_value(std::size_t indent, std::size_t depth) {
    const std::size_t kind = below(depth > 3 ? 6 : 10);
    put(kind < 2 || kind == 4 ? " " : "");
    switch (kind) {
      case 0:
      case 1:
        properties();
        scalar(chance(60) ? one_of(plain_texts) : one_of(odd_texts), false);
        return end_line();
      case 2:
        if (chance(50)) put(chance(50) ? " ~" : " null");
        return end_line();
      case 3:
        put(" ");
        return long_scalar(indent + 1);
      case 4:
        return block_scalar(indent);
      case 5:
        put(" ");
        flow(depth, indent + 1);
        return end_line();
      case 6:
        if (!aliasable_.empty() && chance(50)) {
          put(" *" + aliasable_[below(aliasable_.size())]);
          return end_line();
        }
        [[fallthrough]];
      case 7:
        end_line();
        return sequence(indent + (chance(50) ? 0 : 1 + below(4)), depth + 1);
      default:
        return anchored_mapping(indent + step(), depth + 1);
    }
  }

  /// With an anchor for later: within itself it would be a circle.
  void anchored_mapping(std::size_t indent, std::size_t depth) {
    const std::string name = chance(10) ? new_anchor() : "";
    if (!name.empty()) put(" &" + name);
    end_line();
    mapping(indent, level::other, depth);
    if (!name.empty()) aliasable_.push_back(name);
  }

  std::size_t step() { return chance(80) ? step_ : 1 + below(5); }

  // --- block collections ---

  void entry(std::size_t indent, std::string_view name, std::size_t depth) {
    comments(indent);
    spaces(indent);
    put(key_text(name) + ":");
    any_value(indent, depth);
  }

  void sequence(std::size_t indent, std::size_t depth) {
    const std::size_t count = 1 + below(3);
    for (std::size_t i = 0; i < count; ++i) {
      comments(indent);
      spaces(indent);
      put("-");
      if (chance(25)) {
        put(" externalIP: 10.0.0.216\n");
        if (chance(50)) entry(indent + 2, "b", depth + 1);
      } else {
        item_value(indent);
      }
    }
  }

  void item_value(std::size_t indent) {
    if (chance(20)) return end_line();
    put(" ");
    if (chance(20)) return block_scalar(indent);
    if (chance(20)) return long_scalar(indent + 1);
    if (chance(20)) {
      flow(2, indent + 1);
    } else {
      scalar(one_of(plain_texts), false);
    }
    end_line();
  }

  void mapping(std::size_t indent, level where, std::size_t depth = 0) {
    std::vector<std::string_view> names = some_keys(where == level::root ? 6 : 3);
    const std::string_view ours = own_key(where);
    const bool absent = ours.empty() || own_state(where) == node_state::absent;
    if (!absent)
      names.insert(names.begin() + static_cast<std::ptrdiff_t>(below(names.size() + 1)), ours);
    // An empty mapping has no block form.
    if (names.empty()) names.push_back("filler");
    for (const std::string_view name : names) {
      if (name != ours) {
        entry(indent, name, depth);
        continue;
      }
      comments(indent);
      spaces(indent);
      put(key_text(name) + ":");
      own_value(indent, where);
    }
  }

  // --- the path ---

  static std::string_view own_key(level where) {
    switch (where) {
      case level::root:
        return "global";
      case level::global:
        return "hosts";
      case level::hosts:
        return "externalIP";
      case level::other:
        break;
    }
    return "";
  }

  node_state own_state(level where) {
    const auto missing_at = [&](target_state state) {
      if (result_.state != state) return node_state::filled;
      return chance(50) ? node_state::empty : node_state::absent;
    };
    node_state& known = states_[static_cast<std::size_t>(where)];
    if (decided_[static_cast<std::size_t>(where)]) return known;
    decided_[static_cast<std::size_t>(where)] = true;
    if (where == level::root) known = missing_at(target_state::no_global);
    if (where == level::global) known = missing_at(target_state::no_hosts);
    if (where == level::hosts && result_.state == target_state::no_key) known = node_state::absent;
    if (where == level::hosts && result_.state == target_state::no_value) known = node_state::empty;
    return known;
  }

  void mark(std::string_view piece) {
    result_.offset = text().size();
    result_.length = piece.size();
    put(piece);
  }

  void target() {
    constexpr std::array<std::string_view, 4> olds = {"10.0.0.216", "old", "7", "true"};
    const std::string old(one_of(olds));
    const std::size_t style = below(3);
    result_.quote = style == 0 ? "" : style == 1 ? "'" : "\"";
    mark(result_.quote + old + result_.quote);
  }

  void own_value(std::size_t indent, level where) {
    const bool empty = own_state(where) == node_state::empty;
    if (where == level::hosts) {
      if (empty) {
        mark(chance(50) ? "" : chance(50) ? " ~" : " null");
      } else {
        put(chance(10) ? "\n" + std::string(indent + 1 + below(3), ' ') : " ");
        if (chance(5)) put("&unused ");
        target();
      }
      return end_line();
    }
    const level below_it = where == level::root ? level::global : level::hosts;
    if (empty) {
      mark(chance(40) ? "" : chance(50) ? " null" : " {}");
      return end_line();
    }
    if (chance(20)) {
      put(" ");
      flow_mapping(below_it, 2, indent + 1);
      return end_line();
    }
    if (chance(5)) put(" &unused" + std::to_string(static_cast<int>(where)));
    end_line();
    mapping(indent + step(), below_it, 1);
  }

  // --- flow collections ---

  /// Between two entries in brackets, and behind the opening one.
  void flow_gap(std::size_t indent) {
    if (!chance(flow_lines_ ? 60 : 0)) return;
    if (chance(20)) put(" # in brackets }");
    put("\n");
    spaces(indent + below(3));
  }

  void flow(std::size_t depth, std::size_t indent) {
    if (depth < 3 && chance(60)) return flow_mapping(level::other, depth + 1, indent);
    put("[");
    const std::size_t count = below(4);
    for (std::size_t i = 0; i < count; ++i) {
      flow_gap(indent);
      if (depth < 3 && chance(20))
        flow(depth + 1, indent);
      else
        scalar(one_of(plain_texts), true);
      if (i + 1 < count || chance(20)) put(chance(80) ? ", " : " ,");
    }
    put("]");
  }

  void flow_mapping(level where, std::size_t depth, std::size_t indent) {
    flow_lines_ = chance(30);
    std::vector<std::string_view> names = some_keys(3);
    const std::string_view ours = own_key(where);
    if (!ours.empty() && own_state(where) != node_state::absent) {
      names.insert(names.begin() + static_cast<std::ptrdiff_t>(below(names.size() + 1)), ours);
    }
    put(chance(80) ? "{" : "{ ");
    for (std::size_t i = 0; i < names.size(); ++i) {
      flow_gap(indent);
      put(key_text(names[i]) + ":");
      flow_value(names[i] == ours && !ours.empty() ? where : level::other, depth, indent);
      if (i + 1 < names.size())
        put(chance(80) ? ", " : ",");
      else if (chance(15))
        put(",");
    }
    put(chance(80) ? "}" : " }");
  }

  void flow_value(level where, std::size_t depth, std::size_t indent) {
    if (where == level::other) {
      put(" ");
      return depth < 3 && chance(30) ? flow(depth, indent) : scalar(one_of(plain_texts), true);
    }
    const bool empty = own_state(where) == node_state::empty;
    if (where == level::hosts) {
      if (empty) return mark(chance(50) ? "" : " null");
      put(" ");
      return target();
    }
    if (empty) return mark(chance(50) ? "" : chance(50) ? " null" : " {}");
    put(" ");
    flow_mapping(where == level::root ? level::global : level::hosts, depth + 1, indent);
  }

  void root_flow() {
    flow_mapping(level::root, 0, 1);
    end_line();
  }

  // --- the file ---

  void more_documents() {
    line("---");
    line("global:\n  hosts:\n    externalIP: 10.0.0.216");
    if (chance(50)) line("...");
  }

  /// Line ends, byte order mark, and the end of the file.
  void finish() {
    std::size_t cut = text().size();
    if (chance(25)) {
      cut = text().find_last_not_of('\n') + 1;
      // A `|+` scalar would lose its lines.
      if (text().find("|+") != std::string::npos || text().find(">") != std::string::npos)
        cut = text().size();
    }
    std::string file = chance(10) ? "\xEF\xBB\xBF" : "";
    const bool carriage_returns = chance(20);
    std::size_t offset = result_.offset;
    for (std::size_t i = 0; i < cut; ++i) {
      if (i == result_.offset) offset = file.size();
      if (text()[i] == '\n' && carriage_returns) file += '\r';
      file += text()[i];
    }
    if (result_.offset >= cut) offset = file.size();
    result_.offset = offset;
    text() = std::move(file);
  }

  std::mt19937 random_;
  random_yaml result_;
  std::size_t step_ = 2;
  std::size_t anchors_ = 0;
  std::vector<std::string> aliasable_;
  bool flow_lines_ = false;
  std::array<node_state, 4> states_ = {};
  std::array<bool, 4> decided_ = {};
};

}  // namespace

random_yaml make_random_yaml(std::uint32_t seed) {
  return writer(seed).write();
}

}  // namespace netscan::testing
