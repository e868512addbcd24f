#include <fmt/format.h>

#include <algorithm>

#include "metallb_config.hpp"
#include "netscan/target/status.hpp"
#include "pool_difference.hpp"
#include "pool_entries.hpp"
#include "report/yaml_parse.hpp"
#include "report/yaml_span.hpp"
#include "report/yaml_text.hpp"
#include "yaml_append.hpp"
#include "yaml_path.hpp"

namespace netscan {
namespace {

using detail::advertisement;
using detail::append_result;
using detail::difference_kind;
using detail::metallb_config;
using detail::text_edit;
using detail::yaml_kind;
using detail::yaml_node;

/// One step of a merge: the edits, and the node that gets more children by them; null when they add
/// documents.
struct addition {
  std::vector<text_edit> edits;
  const yaml_node* grown = nullptr;
};

struct merge_job {
  const metallb_config& config;
  const candidate_list& list;
  const pool_options& options;
  const existing_pool& wanted;

  const std::string& text() const { return config.source.text; }
};

absl::Status cannot_add(const merge_job& job, const yaml_node& node, std::string_view what) {
  return invalid_argument("{}: {} cannot be added to this safely: do it by hand",
                          detail::place_in_file(job.config.source, node.offset), what);
}

// --- may this node be changed? ---

/// The nodes from `root` down to `target`.
bool find_chain(const yaml_node& root, const yaml_node* target,
                std::vector<const yaml_node*>& chain) {
  chain.push_back(&root);
  if (&root == target) return true;
  for (const yaml_node& child : root.children) {
    if (find_chain(child, target, chain)) return true;
  }
  chain.pop_back();
  return false;
}

absl::Status check_changeable(const merge_job& job, const yaml_node& node, std::string_view what) {
  for (const detail::yaml_document& document : job.config.source.documents) {
    std::vector<const yaml_node*> chain;
    if (!find_chain(document.root, &node, chain)) continue;
    for (const yaml_node* link : chain) {
      absl::Status own = detail::check_own(job.text(), document.root, *link, what);
      if (!own.ok()) return own;
    }
  }
  return absl::OkStatus();
}

// --- addresses, for a pool that is there ---

candidate_list only_missing(const merge_job& job, const existing_pool& have) {
  candidate_list list = job.list;
  const address_set there = detail::addresses_of(have);
  std::erase_if(list.chosen, [&](const ip_address& address) { return there.contains(address); });
  return list;
}

/// An entry quoted as the list's last one is.
std::string like_last(const merge_job& job, const yaml_node& sequence, const std::string& entry) {
  if (sequence.children.empty()) return entry;
  const std::size_t begin = detail::content_begin(job.text(), sequence.children.back());
  const char quote = begin < job.text().size() ? job.text()[begin] : ' ';
  const bool quoted = entry.starts_with('"');
  if ((quote != '"' && quote != '\'') || quoted) return entry;
  return detail::yaml_quoted(entry, quote);
}

absl::StatusOr<addition> add_addresses(const merge_job& job, std::size_t pool) {
  const yaml_node& sequence = *job.config.addresses[pool];
  const std::string what = fmt::format("the list of addresses of pool {}", job.wanted.name);
  absl::Status changeable = check_changeable(job, sequence, what);
  if (!changeable.ok()) return changeable;
  std::string lines;
  std::vector<std::string> entries;
  const candidate_list missing = only_missing(job, job.config.existing.pools[pool]);
  for (const detail::pool_entry& entry : detail::pool_entries(missing, job.options)) {
    entries.push_back(like_last(job, sequence, entry.address));
    for (const std::string& comment : entry.comments) lines += "# " + comment + "\n";
    lines += "- " + entries.back() + "\n";
  }
  const append_result edits = sequence.flow ? append_to_flow(job.text(), sequence, entries)
                                            : append_to_block(job.text(), sequence, lines);
  if (!edits) return cannot_add(job, sequence, "an address");
  return addition{*edits, &sequence};
}

// --- a pool, in a ConfigMap or configInline ---

/// The pool as an item of a list, with what it comes from, as lines that begin at column 0.
absl::StatusOr<std::string> pool_item(const merge_job& job) {
  pool_options options = job.options;
  options.format = pool_format::helm_values;
  const auto text = metallb_pool(job.list, options);
  if (!text.ok()) return text.status();
  const auto documents = detail::parse_yaml(*text);
  if (!documents.ok()) return documents.status();
  const yaml_node* values = detail::find_value(documents->front().root, "configInline");
  const yaml_node* pools = detail::find_value(*values, "address-pools");
  const std::size_t indent = detail::column(*text, pools->offset);
  std::string item;
  for (const std::string& line : detail::pool_origin(job.list, options)) item += "# " + line + "\n";
  for (std::size_t line = detail::line_begin(*text, pools->offset); line < text->size();
       line = detail::next_line(*text, line)) {
    item += text->substr(line + indent, detail::next_line(*text, line) - line - indent);
  }
  return item;
}

bool is_empty(const yaml_node& node) {
  return node.kind == yaml_kind::null || (node.kind != yaml_kind::scalar && node.children.empty());
}

absl::StatusOr<addition> add_to_list(const merge_job& job) {
  const yaml_node& root = job.config.source.documents.front().root;
  const yaml_path& path = job.config.pools_path;
  const auto found = detail::follow_path(job.text(), root, path);
  if (!found.ok()) return found.status();
  const auto item = pool_item(job);
  if (!item.ok()) return item.status();

  const yaml_node& last = *found->nodes.back();
  const std::size_t depth = found->nodes.size() - 1;
  const std::string lines =
      depth == path.size() ? *item : path.back() + ":\n" + detail::indented(*item, 0);
  append_result edits;
  if (is_empty(last) && depth > 0) {
    const yaml_node& mapping = *found->nodes[depth - 1];
    if (!mapping.flow) edits = fill_block(job.text(), mapping, found->keys.back(), lines, 2);
  } else if (!last.flow) {
    edits = append_to_block(job.text(), last, lines);
  }
  if (!edits) return cannot_add(job, last, "a pool");
  return addition{*edits, &last};
}

// --- resources ---

addition add_document(const merge_job& job, const std::string& document) {
  return {{detail::add_lines_behind(job.text(), job.text().size(), "---\n" + document)}, nullptr};
}

/// The advertisement of our name and kind, which does not select the pool.
const advertisement* find_advertisement(const merge_job& job) {
  for (const advertisement& one : job.config.advertisements) {
    if (one.bgp == job.wanted.bgp && one.name == job.wanted.name &&
        detail::may_share_namespace(one.name_space, job.wanted.name_space)) {
      return &one;
    }
  }
  return nullptr;
}

absl::StatusOr<addition> select_pool(const merge_job& job, const advertisement& one) {
  const std::string name = detail::yaml_scalar(job.wanted.name);
  if (one.pools == nullptr || one.pools->kind != yaml_kind::sequence) {
    return invalid_argument(
        "{}: the advertisement {} does not select pool {} and has no ipAddressPools to add it to",
        detail::place_in_file(job.config.source, one.offset), one.name, name);
  }
  absl::Status changeable = check_changeable(job, *one.pools, "the advertisement's list of pools");
  if (!changeable.ok()) return changeable;
  const append_result edits =
      one.pools->flow
          ? append_to_flow(job.text(), *one.pools, {like_last(job, *one.pools, name)})
          : append_to_block(job.text(), *one.pools, "- " + like_last(job, *one.pools, name) + "\n");
  if (!edits) return cannot_add(job, *one.pools, "a pool");
  return addition{*edits, one.pools};
}

/// The pool's document, or else its advertisement's. One at a time: an advertisement that is there
/// may select the pool once it is there too.
absl::StatusOr<addition> add_resource(const merge_job& job, bool pool) {
  const auto text = metallb_pool(job.list, job.options);
  if (!text.ok()) return text.status();
  const auto documents = detail::parse_yaml(*text);
  if (!documents.ok()) return documents.status();
  const std::size_t second = documents->at(1).offset;
  return add_document(
      job, pool ? text->substr(0, second) : text->substr(detail::next_line(*text, second)));
}

// --- the merge as a whole ---

/// Whether `after` is `before` with more children of `grown`, or with content where it had none.
bool only_grew(const yaml_node& before, const yaml_node& after, const yaml_node* grown) {
  if (&before == grown) {
    if (is_empty(before)) return true;
    return before.kind == after.kind && before.children.size() < after.children.size() &&
           std::equal(before.children.begin(), before.children.end(), after.children.begin(),
                      detail::same_content);
  }
  const auto same = [&](const yaml_node& a, const yaml_node& b) { return only_grew(a, b, grown); };
  return before.kind == after.kind && before.value == after.value && before.tag == after.tag &&
         before.anchor == after.anchor &&
         std::equal(before.children.begin(), before.children.end(), after.children.begin(),
                    after.children.end(), same);
}

bool only_grew(const metallb_config& before, const metallb_config& after, const yaml_node* grown) {
  const auto& old_documents = before.source.documents;
  const auto& documents = after.source.documents;
  if (documents.size() < old_documents.size()) return false;
  if (grown != nullptr && documents.size() != old_documents.size()) return false;
  return std::equal(old_documents.begin(), old_documents.end(), documents.begin(),
                    [&](const auto& a, const auto& b) { return only_grew(a.root, b.root, grown); });
}

/// Whether the files around the texts are the same but for these.
bool same_around(const metallb_config& before, const metallb_config& after) {
  if (!before.source.embedded) return !after.source.embedded;
  if (!after.source.embedded) return false;
  const auto old_documents = detail::parse_yaml(before.source.embedded->file);
  const auto documents = detail::parse_yaml(after.source.embedded->file);
  if (!old_documents.ok() || !documents.ok()) return false;
  const auto without_text = [&](yaml_node root, const metallb_config& config) {
    const auto clear = [&](const auto& self, yaml_node& node) -> void {
      if (node.value == config.source.text) node.value.clear();
      for (yaml_node& child : node.children) self(self, child);
    };
    clear(clear, root);
    return root;
  };
  return std::equal(old_documents->begin(), old_documents->end(), documents->begin(),
                    documents->end(), [&](const auto& a, const auto& b) {
                      return detail::same_content(without_text(a.root, before),
                                                  without_text(b.root, after));
                    });
}

/// The file after a step, when it has what it had, and the addition.
absl::StatusOr<metallb_config> apply_step(const metallb_config& before, const addition& step,
                                          std::string& file) {
  const auto text = detail::apply_to_file(before.source, step.edits);
  if (!text) return absl::InternalError("the text is no | block");
  auto after = detail::read_metallb_config(*text);
  if (!after.ok()) return after.status();
  if (!only_grew(before, *after, step.grown) || !same_around(before, *after)) {
    return absl::InternalError("it would change something else");
  }
  file = *text;
  return after;
}

bool has(const std::vector<detail::pool_difference>& differences, difference_kind kind) {
  return std::any_of(differences.begin(), differences.end(),
                     [&](const auto& difference) { return difference.kind == kind; });
}

/// The next thing to add.
absl::StatusOr<addition> next_step(const merge_job& job,
                                   const std::vector<detail::pool_difference>& differences) {
  if (has(differences, difference_kind::pool_missing)) {
    return job.config.existing.format == pool_format::crd ? add_resource(job, true)
                                                          : add_to_list(job);
  }
  if (has(differences, difference_kind::address_missing)) {
    return add_addresses(job, *detail::find_pool(job.config.existing, job.wanted));
  }
  const advertisement* one = find_advertisement(job);
  return one == nullptr ? add_resource(job, false) : select_pool(job, *one);
}

/// Whether what differs can be mended by adding. `merged`: what differs once something was added.
absl::Status check_mergeable(const std::vector<detail::pool_difference>& differences, bool merged) {
  for (const detail::pool_difference& difference : differences) {
    switch (difference.kind) {
      case difference_kind::overlap:
        return invalid_argument("{}", difference.text);
      case difference_kind::setting:
        return invalid_argument("cannot merge: {}{}", merged ? "in the merged file " : "",
                                difference.text);
      case difference_kind::pool_missing:
      case difference_kind::address_missing:
      case difference_kind::address_extra:
      case difference_kind::announcement_missing:
        break;
    }
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::string> merge_pool(std::string_view yaml, const candidate_list& list,
                                       const pool_options& options) {
  const auto wanted = detail::wanted_pool(list, options);
  if (!wanted.ok()) return wanted.status();
  auto config = detail::read_metallb_config(yaml);
  if (!config.ok()) return config.status();
  if (config->existing.format != options.format) {
    return invalid_argument("the file is of the format {}, not {}",
                            to_string(config->existing.format), to_string(options.format));
  }
  std::string file(yaml);
  // The pool, its addresses, its announcement: each at most once.
  for (int step = 0; step < 3; ++step) {
    const auto differences = detail::pool_differences(config->existing, *wanted);
    if (absl::Status status = check_mergeable(differences, step > 0); !status.ok()) {
      return status;
    }
    const bool done = !has(differences, difference_kind::pool_missing) &&
                      !has(differences, difference_kind::address_missing) &&
                      !has(differences, difference_kind::announcement_missing);
    if (done) break;
    const auto next = next_step({*config, list, options, *wanted}, differences);
    if (!next.ok()) return next.status();
    auto after = apply_step(*config, *next, file);
    if (!after.ok()) {
      return invalid_argument("pool {} cannot be added to this file safely ({}): do it by hand",
                              wanted->name, message_of(after.status()));
    }
    config = std::move(after);
  }
  return file;
}

}  // namespace netscan
