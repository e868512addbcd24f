#include "netscan/remedy/values_edit.hpp"

#include <gtest/gtest.h>
#include <yaml-cpp/yaml.h>

#include <string>

#include "netscan/remedy/gitlab_values.hpp"
#include "netscan/target/status.hpp"
#include "replaced.hpp"
#include "story_values.hpp"

namespace netscan {
namespace {

using testing::replaced;

constexpr std::string_view new_ip = "10.0.0.232";

absl::StatusOr<edited_value> try_edit(std::string_view yaml) {
  return edit_value(yaml, gitlab_external_ip, new_ip);
}

/// The text after the edit, or what is wrong.
std::string edit(std::string_view yaml) {
  const auto edited = try_edit(yaml);
  return edited.ok() ? edited->text : "error: " + std::string(message_of(edited.status()));
}

// --- a value that is there ---

TEST(the_storys_values, change_in_exactly_one_scalar) {
  const auto edited = try_edit(testing::story_values).value();
  EXPECT_EQ(edited.text, replaced(testing::story_values, "10.0.0.216", "10.0.0.232"));
  EXPECT_EQ(edited.change, value_change::replaced);
  EXPECT_EQ(edited.before, "10.0.0.216");
  EXPECT_EQ(edited.line, 6u);
}

TEST(an_edit, that_was_made_already_changes_nothing) {
  const std::string once = edit(testing::story_values);
  const auto twice = try_edit(once).value();
  EXPECT_EQ(twice.text, once);
  EXPECT_EQ(twice.change, value_change::none);
  EXPECT_EQ(twice.line, 6u);
}

/// A file in which only OLD, which stands for the old value with its quotes, gives way to NEW.
struct kept {
  const char* what;
  std::string file;
  std::string old_value = "10.0.0.216";
  std::string new_value = "10.0.0.232";
};

TEST(an_edit, keeps_every_byte_around_the_value) {
  const kept files[] = {
      {"comments", "# a\nglobal: # b\n  # c\n  hosts:\n    externalIP: OLD # d\n\n# e\n"},
      {"double quotes", "global:\n  hosts:\n    externalIP: \"OLD\"\n"},
      {"single quotes", "global:\n  hosts:\n    externalIP: 'OLD'\n"},
      {"spaces", "global:\n   hosts:\n     externalIP:    OLD   \n  \n"},
      {"quoted keys", "'global':\n  \"hosts\":\n    \"externalIP\" : OLD\n"},
      {"CR LF", "global:\r\n  hosts:\r\n    externalIP: OLD\r\n  edition: ce\r\n"},
      {"no final newline", "global:\n  hosts:\n    externalIP: OLD"},
      {"a byte order mark", "\xEF\xBB\xBFglobal:\n  hosts:\n    externalIP: OLD\n"},
      {"letters of two to four bytes",
       "ä€😀: ä€😀 # ü\nglobal: {hosts: {ö: 'é', externalIP: OLD}}\n"},
      {"tabs in strings", "a: \"x\ty\"\nb: x\ty\nglobal:\n  hosts:\n    externalIP: OLD\t# c\n"},
      {"flow style", "{global: {hosts: {domain: a, externalIP: OLD, https: true}}}\n"},
      {"flow style at the end", "global: {hosts: {externalIP: OLD}}"},
      {"JSON", "{\"global\":{\"hosts\":{\"externalIP\":\"OLD\"}}}"},
      {"a literal before",
       "a: |\n  externalIP: x\n  global:\n\n\nglobal:\n  hosts:\n    externalIP: OLD\n"},
      {"a folded one before", "a: >-\n  b\n\n  c\nglobal:\n  hosts:\n    externalIP: OLD\n"},
      {"a multi-line plain one before", "a: b\n  c\n  d\nglobal: {hosts: {externalIP: OLD}}\n"},
      {"a multi-line quoted one before",
       "a: \"b\n  c \\\n  d\"\nglobal: {hosts: {externalIP: OLD}}\n"},
      {"several documents",
       "---\nglobal:\n  hosts:\n    externalIP: OLD\n---\nglobal:\n  hosts:\n    externalIP: "
       "10.0.0.216\n...\n"},
      {"a directive", "%YAML 1.2\n---\nglobal:\n  hosts:\n    externalIP: OLD\n"},
      {"anchors elsewhere",
       "a: &a {b: c}\nd: *a\ne:\n  <<: *a\nglobal:\n  hosts:\n    externalIP: OLD\n"},
      {"tags elsewhere", "a: !!str 1\nb: !x {c: d}\nglobal:\n  hosts:\n    externalIP: OLD\n"},
      {"an anchor that nobody uses", "global: &g\n  hosts: &h\n    externalIP: &e OLD\n"},
      {"explicit keys", "? global\n: hosts:\n    externalIP: OLD\n"},
      {"the value on the next line", "global:\n  hosts:\n    externalIP:\n      OLD\n"},
      {"another type", "global:\n  hosts:\n    externalIP: 7\n", "7"},
      {"a multi-line plain value",
       "global:\n  hosts:\n    externalIP: 10.0.0.216\n      or so\n    https: true\n",
       "10.0.0.216\n      or so"},
      {"a multi-line quoted value",
       "global:\n  hosts:\n    externalIP: '10.0.0.216\n\n      it''s'\n",
       "'10.0.0.216\n\n      it''s'", "'10.0.0.232'"},
      {"escapes", "global:\n  hosts:\n    externalIP: \"\\\"\\x41\\\\\" # \"\n",
       "\"\\\"\\x41\\\\\"", "\"10.0.0.232\""},
      {"an empty string", "global:\n  hosts:\n    externalIP: '' # none\n", "''", "'10.0.0.232'"},
  };
  for (const kept& file : files) {
    const std::string before = file.file.find("OLD") == std::string::npos
                                   ? file.file
                                   : replaced(file.file, "OLD", file.old_value);
    EXPECT_EQ(edit(before), replaced(before, file.old_value, file.new_value)) << file.what;
  }
}

TEST(a_block_scalar, becomes_a_plain_one_and_its_headers_comment_stays) {
  EXPECT_EQ(edit("global:\n  hosts:\n    externalIP: |\n      10.0.0.216\n    https: true\n"),
            "global:\n  hosts:\n    externalIP: 10.0.0.232\n    https: true\n");
  EXPECT_EQ(
      edit("global:\n  hosts:\n    externalIP: >2- # why\n        10.0.0.216\n\n      b\n\n# c\n"),
      "global:\n  hosts:\n    externalIP: 10.0.0.232 # why\n\n# c\n");
  EXPECT_EQ(edit("global:\n  hosts:\n    externalIP: |-\n      10.0.0.216"),
            "global:\n  hosts:\n    externalIP: 10.0.0.232\n");
}

TEST(a_plain_value, gets_quotes_where_a_reader_would_take_the_new_one_for_no_string) {
  const auto set = [](std::string_view yaml, std::string_view value) {
    return edit_value(yaml, {"a"}, value).value().text;
  };
  EXPECT_EQ(set("a: b\n", "yes"), "a: \"yes\"\n");
  EXPECT_EQ(set("a: b\n", "1.5"), "a: \"1.5\"\n");
  EXPECT_EQ(set("a: b\n", "fd00::232"), "a: \"fd00::232\"\n");
  EXPECT_EQ(set("a: b\n", ""), "a: \"\"\n");
  EXPECT_EQ(set("a: 'b'\n", "it's"), "a: 'it''s'\n");
  EXPECT_EQ(set("a: \"b\"\n", "\"\\"), "a: \"\\\"\\\\\"\n");
  EXPECT_EQ(set("{a: b}", "fd00::/64"), "{a: \"fd00::/64\"}");
  EXPECT_EQ(set("a: b\n", "fd00::/64"), "a: fd00::/64\n");
}

// --- a value that is missing ---

struct created {
  const char* what;
  const char* before;
  const char* after;
};

TEST(a_missing_value, is_created_as_the_file_is_written) {
  const created files[] = {
      {"nothing at all", "", "global:\n  hosts:\n    externalIP: 10.0.0.232\n"},
      {"a byte order mark only", "\xEF\xBB\xBF",
       "\xEF\xBB\xBFglobal:\n  hosts:\n    externalIP: 10.0.0.232\n"},
      {"comments only", "# a\n\n# b\n",
       "# a\n\n# b\nglobal:\n  hosts:\n    externalIP: 10.0.0.232\n"},
      {"a comment without an end", "# a", "# a\nglobal:\n  hosts:\n    externalIP: 10.0.0.232"},
      {"an empty document", "---\n# a\n",
       "---\n# a\nglobal:\n  hosts:\n    externalIP: 10.0.0.232\n"},
      {"an empty first document", "--- # a\n---\nb: c\n",
       "--- # a\nglobal:\n  hosts:\n    externalIP: 10.0.0.232\n---\nb: c\n"},
      {"an empty mapping", "{}\n", "{global: {hosts: {externalIP: 10.0.0.232}}}\n"},
      {"other keys", "a:\n    b: c\n",
       "a:\n    b: c\nglobal:\n    hosts:\n        externalIP: 10.0.0.232\n"},
      {"no hosts", "global:\n  edition: ce\nb: c\n",
       "global:\n  edition: ce\n  hosts:\n    externalIP: 10.0.0.232\nb: c\n"},
      {"no hosts, CR LF", "global:\r\n  edition: ce\r\n",
       "global:\r\n  edition: ce\r\n  hosts:\r\n    externalIP: 10.0.0.232\r\n"},
      {"no hosts, no final newline", "global:\n  edition: ce",
       "global:\n  edition: ce\n  hosts:\n    externalIP: 10.0.0.232"},
      {"no value", "global:\n  hosts:\n    domain: a # b\n    # c\n  edition: ce\n",
       "global:\n  hosts:\n    domain: a # b\n    externalIP: 10.0.0.232\n    # c\n  edition: "
       "ce\n"},
      {"three spaces", "global:\n   hosts:\n      domain: a\n",
       "global:\n   hosts:\n      domain: a\n      externalIP: 10.0.0.232\n"},
      {"behind a literal", "global:\n  hosts:\n    a: |\n      b\n\n      c\n\n  d: e\n",
       "global:\n  hosts:\n    a: |\n      b\n\n      c\n    externalIP: 10.0.0.232\n\n  d: e\n"},
      {"behind a kept literal", "global:\n  hosts:\n    a: |+\n      b\n\n  d: e\n",
       "global:\n  hosts:\n    a: |+\n      b\n\n    externalIP: 10.0.0.232\n  d: e\n"},
      {"behind a multi-line string", "global:\n  hosts:\n    a: \"b\n      # c\n      d\" # e\n",
       "global:\n  hosts:\n    a: \"b\n      # c\n      d\" # e\n    externalIP: 10.0.0.232\n"},
      {"behind a list", "global:\n  hosts:\n    a:\n    - b\n    -\n  d: e\n",
       "global:\n  hosts:\n    a:\n    - b\n    -\n    externalIP: 10.0.0.232\n  d: e\n"},
      {"behind a mapping in a list",
       "global:\n  hosts:\n    a:\n      - b: c\n        d: {e: [f,\n g]}\n",
       "global:\n  hosts:\n    a:\n      - b: c\n        d: {e: [f,\n g]}\n    externalIP: "
       "10.0.0.232\n"},
      {"behind a null", "global:\n  hosts:\n    a: ~ # b\n    c:\nd: e\n",
       "global:\n  hosts:\n    a: ~ # b\n    c:\n    externalIP: 10.0.0.232\nd: e\n"},
      {"behind an alias", "a: &a b\nglobal:\n  hosts:\n    c: *a\n",
       "a: &a b\nglobal:\n  hosts:\n    c: *a\n    externalIP: 10.0.0.232\n"},
      {"behind a tag and an anchor", "global:\n  hosts:\n    c: !!str &a\n      d\n",
       "global:\n  hosts:\n    c: !!str &a\n      d\n    externalIP: 10.0.0.232\n"},
      {"behind a literal that the file cuts off", "global:\n  hosts:\n    a: |\n      b",
       "global:\n  hosts:\n    externalIP: 10.0.0.232\n    a: |\n      b"},
      {"global is empty", "global:\na: b\n",
       "global:\n  hosts:\n    externalIP: 10.0.0.232\na: b\n"},
      {"global is empty before a key called null", "global:\nnull: b\n",
       "global:\n  hosts:\n    externalIP: 10.0.0.232\nnull: b\n"},
      {"global is null", "global: null # a\n",
       "global: # a\n  hosts:\n    externalIP: 10.0.0.232\n"},
      {"hosts is empty", "global:\n    hosts:   # a\n\n# b\n",
       "global:\n    hosts:   # a\n        externalIP: 10.0.0.232\n\n# b\n"},
      {"hosts is ~", "global:\n  hosts: ~", "global:\n  hosts:\n    externalIP: 10.0.0.232"},
      {"hosts is {}", "global:\n  hosts: {} # a\n",
       "global:\n  hosts: {externalIP: 10.0.0.232} # a\n"},
      {"hosts is { }", "global:\n  hosts: { }\n", "global:\n  hosts: {externalIP: 10.0.0.232 }\n"},
      {"global is {}", "global: {}\n", "global: {hosts: {externalIP: 10.0.0.232}}\n"},
      {"the value is empty", "global:\n  hosts:\n    externalIP:\n    https: true\n",
       "global:\n  hosts:\n    externalIP: 10.0.0.232\n    https: true\n"},
      {"the value is empty, with a comment", "global:\n  hosts:\n    externalIP:   # later\n",
       "global:\n  hosts:\n    externalIP: 10.0.0.232   # later\n"},
      {"the value is null", "global:\n  hosts:\n    externalIP: null\n",
       "global:\n  hosts:\n    externalIP: 10.0.0.232\n"},
      {"flow style", "global: {hosts: {domain: a}}\n",
       "global: {hosts: {domain: a, externalIP: 10.0.0.232}}\n"},
      {"flow style, a null", "global: {hosts: , b: c}\n",
       "global: {hosts: {externalIP: 10.0.0.232} , b: c}\n"},
      {"flow style, a comma at the end", "global: {hosts: {domain: a,}}\n",
       "global: {hosts: {domain: a, externalIP: 10.0.0.232,}}\n"},
      {"flow style, behind a null", "global: {hosts: {a: }}\n",
       "global: {hosts: {a: , externalIP: 10.0.0.232 }}\n"},
      {"flow style, behind a null without a space", "global: {hosts: {a:}}\n",
       "global: {hosts: {a:, externalIP: 10.0.0.232}}\n"},
      {"flow style over lines",
       "global: {hosts: {\n    domain: a, # b\n    https: true # c\n  }}\n",
       "global: {hosts: {\n    domain: a, # b\n    https: true, # c\n    externalIP: 10.0.0.232\n  "
       "}}\n"},
      {"flow style over lines, a comma at the end", "global: {hosts: {\n    domain: a, # b\n  }}\n",
       "global: {hosts: {\n    domain: a, # b\n    externalIP: 10.0.0.232,\n  }}\n"},
      {"flow style over lines, the bracket behind",
       "global: {hosts: {domain: a,\n  https: true}}\n",
       "global: {hosts: {domain: a,\n  https: true,\n  externalIP: 10.0.0.232}}\n"},
      {"JSON", "{\"global\": {\"edition\": \"ce\"}}\n",
       "{\"global\": {\"edition\": \"ce\", \"hosts\": {\"externalIP\": \"10.0.0.232\"}}}\n"},
      {"JSON, empty", "{\"global\": {}}",
       "{\"global\": {\"hosts\": {\"externalIP\": \"10.0.0.232\"}}}"},
      {"JSON, null", "{\"global\": {\"hosts\": null}}",
       "{\"global\": {\"hosts\": {\"externalIP\": \"10.0.0.232\"}}}"},
      {"in a list it is another key", "a:\n- externalIP: x\n",
       "a:\n- externalIP: x\nglobal:\n  hosts:\n    externalIP: 10.0.0.232\n"},
  };
  for (const created& file : files) {
    EXPECT_EQ(edit(file.before), file.after) << file.what;
    EXPECT_EQ(try_edit(file.before).value().change, value_change::created) << file.what;
    EXPECT_EQ(try_edit(file.after).value().change, value_change::none) << file.what;
  }
}

TEST(a_created_value, is_at_the_line_that_is_said) {
  const auto edited = try_edit("a: b\nglobal:\n  edition: ce\n").value();
  EXPECT_EQ(edited.line, 5u);
  EXPECT_EQ(edited.before, "");
}

TEST(a_later_document, that_sets_the_value_too_is_pointed_out) {
  const auto line = [](std::string_view rest) {
    return try_edit("global: {}\n---\n" + std::string(rest)).value().overridden_line;
  };
  EXPECT_EQ(line("a: b\nglobal:\n  hosts:\n    externalIP: 10.0.0.216\n"), 6u);
  EXPECT_EQ(line("a: b\n---\nglobal: {hosts: }\n"), 5u);
  EXPECT_EQ(line("a: &a {externalIP: x}\nglobal: {hosts: *a}\n"), 3u);
  EXPECT_EQ(line("global: {hosts: {domain: a}}\n"), 0u);
  EXPECT_EQ(line("# nothing\n"), 0u);
  EXPECT_EQ(try_edit(testing::story_values).value().overridden_line, 0u);
}

// --- what is refused ---

struct refused {
  const char* file;
  const char* message;
};

TEST(an_edit, is_refused_where_it_would_change_more_or_other_things) {
  const refused files[] = {
      {"global:\n  hosts: &h\n    externalIP: a\nother: *h\n",
       "line 2, column 10: global.hosts has an anchor that line 4 uses, so a change here would "
       "change that too"},
      {"global:\n  hosts:\n    externalIP: &e a\nother:\n- *e\n",
       "line 3, column 17: global.hosts.externalIP has an anchor that line 5 uses, so a change "
       "here would change that too"},
      {"ip: &ip a\nglobal:\n  hosts:\n    externalIP: *ip\n",
       "line 4, column 17: global.hosts.externalIP is an alias of what stands in line 1: change it "
       "there"},
      {"a: &a {externalIP: b}\nglobal:\n  hosts: *a\n",
       "line 3, column 10: global.hosts is an alias of what stands in line 1: change it there"},
      {"a: &a {externalIP: b}\nglobal:\n  hosts:\n    <<: *a\n",
       "line 4, column 5: global.hosts has a merge key (<<): which of its values counts depends on "
       "the reader"},
      {"global:\n  hosts:\n    externalIP: a\n    externalIP: b\n",
       "line 4, column 5: global.hosts.externalIP is there twice, first in line 3"},
      {"global: {}\n'global': {}\n", "line 2, column 1: global is there twice, first in line 1"},
      {"global:\n  hosts:\n    externalIP: !!str a\n",
       "line 3, column 17: global.hosts.externalIP has a tag"},
      {"global: !x\n  hosts: {}\n", "line 1, column 9: global has a tag"},
      {"global:\n  hosts: none\n", "line 2, column 10: global.hosts is a value, not a mapping"},
      {"global:\n- hosts\n", "line 2, column 1: global is a list, not a mapping"},
      {"- a\n", "line 1, column 1: the document is a list, not a mapping"},
      {"just text\n", "line 1, column 1: the document is a value, not a mapping"},
      {"global:\n  hosts:\n    externalIP: {a: b}\n",
       "line 3, column 17: global.hosts.externalIP is a mapping, not a value"},
      {"global:\n  hosts:\n    externalIP: [a]\n",
       "line 3, column 17: global.hosts.externalIP is a list, not a value"},
      {"--- ~\n",
       "line 1, column 5: global.hosts.externalIP cannot be set here without a change to something "
       "else: do it by hand"},
      {"global: {hosts}\n",
       "line 1, column 15: global.hosts.externalIP cannot be set here without a change to "
       "something else: do it by hand"},
  };
  for (const refused& file : files) {
    EXPECT_EQ(edit(file.file), std::string("error: ") + file.message);
  }
}

TEST(an_edit, is_refused_in_what_is_no_yaml_that_all_readers_agree_on) {
  const refused files[] = {
      {"a: b: c\n", "line 1, column 5: no valid YAML: illegal map value"},
      {"a: [b\n", "line 2, column 1: no valid YAML: end of sequence flow not found"},
      {"global:\n  hosts: {}\n---\na: b: c\n",
       "line 4, column 5: no valid YAML: illegal map value"},
      {"a: b\n\tc: d\n",
       "line 2, column 1: no valid YAML: illegal tab when looking for indentation"},
      {"{}!\n", "line 1, column 3: no valid YAML: it does not go on like this"},
      {"global: &a.b {}\n",
       "line 1, column 9: no valid YAML: an anchor of other than letters, digits, '-' and '_'"},
      {"global: {}\n]\n", "line 2, column 1: no valid YAML: illegal flow end"},
      {"global: {}\na: 'b\nc: d\n",
       "line 2, column 4: no valid YAML: the closing quote is missing"},
      {"a: b\rc: d\r",
       "line 1, column 5: a carriage return alone, which not every reader takes for a line break"},
      {"a: \xff\n", "line 1, column 4: a byte that is no UTF-8"},
      {"\xff\xfe\x61", "line 1, column 1: a byte that is no UTF-8"},
      {"a: b\x04\n", "line 1, column 5: a control character"},
      {"a: \xc2\x9b\n", "line 1, column 4: a control character"},
      {"a: b # \xe2\x80\xa8 c: d\n",
       "line 1, column 8: a Unicode line break, which not every reader takes for one"},
  };
  for (const refused& file : files) {
    EXPECT_EQ(edit(file.file), std::string("error: ") + file.message);
  }
  EXPECT_EQ(edit(std::string_view("a: \0b\n", 6)), "error: line 1, column 4: a control character");
}

TEST(no_error, has_a_piece_of_the_file_in_it) {
  for (const char* file :
       {"password: *s3cret\n", "password: \"\\s3cret\"\n", "password: @s3cret\n",
        "password: s3cret: s3cret\n", "password: 's3cret\n", "%YAML s3cret\n---\n",
        "%TAG s3cret\n---\n", "global: s3cret\n", "global: [s3cret]\n"}) {
    const std::string message = edit(file);
    EXPECT_TRUE(message.starts_with("error: ")) << file;
    EXPECT_EQ(message.find("cret"), message.npos) << message;
  }
}

TEST(an_edit, needs_a_path_and_a_value_that_can_be_written) {
  EXPECT_EQ(message_of(edit_value("", {}, "a").status()), "no key to set");
  EXPECT_EQ(message_of(edit_value("", {"a\n"}, "a").status()), "bad key 'a\\x0a': not printable");
  EXPECT_EQ(message_of(edit_value("", {"a"}, "b\r").status()), "bad value 'b\\x0d': not printable");
}

TEST(an_edit, takes_any_key) {
  EXPECT_EQ(edit_value("", {"a.b/c", "yes"}, "d").value().text, "\"a.b/c\":\n  \"yes\": d\n");
  EXPECT_EQ(edit_value("a.b/c:\n    yes: x\n", {"a.b/c", "yes"}, "d").value().text,
            "a.b/c:\n    yes: d\n");
}

TEST(a_path, is_written_as_helm_does) {
  EXPECT_EQ(path_text(gitlab_external_ip), "global.hosts.externalIP");
  EXPECT_EQ(path_text({"a", "b.c/d", "e\n"}), "a.b\\.c/d.e\\x0a");
  EXPECT_EQ(path_text({}), "");
}

}  // namespace
}  // namespace netscan
