// Edits of values files at random: whatever the file looks like, the one value changes and no other
// byte does.
#include <gtest/gtest.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "netscan/remedy/gitlab_values.hpp"
#include "netscan/remedy/values_edit.hpp"
#include "netscan/target/status.hpp"
#include "random_yaml.hpp"
#include "rounds.hpp"

namespace netscan {
namespace {

using testing::make_random_yaml;
using testing::random_yaml;
using testing::target_state;

constexpr std::uint32_t files = testing::rounds(6000);
constexpr std::string_view property_ip = "10.0.0.232";

/// Every value of a document with its path, in order, as YAML::Node has them. What stands very deep
/// is in a circle, an alias within its own anchor.
void flatten(const YAML::Node& node, const std::string& path, std::vector<std::string>& out) {
  if (path.size() > 200 || out.size() > 5000) return;
  if (node.IsMap() && node.size() > 0) {
    for (const auto& pair : node) {
      const std::string key = pair.first.IsScalar() ? pair.first.Scalar() : "?";
      flatten(pair.second, path + "/" + key, out);
    }
  } else if (node.IsSequence() && node.size() > 0) {
    for (std::size_t i = 0; i < node.size(); ++i)
      flatten(node[i], path + "/" + std::to_string(i), out);
  } else if (node.IsScalar()) {
    out.push_back(path + " = " + node.Tag() + " " + node.Scalar());
  } else {
    out.push_back(path + (node.IsNull() ? " = null" : node.IsMap() ? " = {}" : " = []"));
  }
}

std::vector<std::string> values_of(const std::string& yaml) {
  std::vector<std::string> out;
  const std::vector<YAML::Node> documents = YAML::LoadAll(yaml);
  for (std::size_t i = 0; i < documents.size(); ++i) flatten(documents[i], std::to_string(i), out);
  return out;
}

/// Whether `text` has all bytes of `part` in their order.
bool has_all_bytes(std::string_view text, std::string_view part) {
  std::size_t found = 0;
  for (const char c : text) {
    if (found < part.size() && part[found] == c) ++found;
  }
  return found == part.size();
}

bool is_of_path(const std::string& value) {
  return value.starts_with("0/global/hosts/externalIP =") ||
         value.starts_with("0/global/hosts =") || value.starts_with("0/global =") ||
         value.starts_with("0 =");
}

/// Whether only the value at the path differs; what was empty above it may go.
bool only_target_differs(std::vector<std::string> before, std::vector<std::string> after) {
  const std::string target = "0/global/hosts/externalIP = ";
  const auto is_new = [&](const std::string& value) {
    return value.starts_with(target) && value.ends_with(" " + std::string(property_ip));
  };
  if (std::count_if(after.begin(), after.end(), is_new) != 1) return false;
  std::erase_if(before, is_of_path);
  std::erase_if(after, is_of_path);
  return before == after;
}

TEST(a_random_file, changes_in_the_value_alone) {
  std::array<int, 5> seen = {};
  for (std::uint32_t seed = 1; seed <= files; ++seed) {
    const random_yaml file = make_random_yaml(seed);
    const auto edited = edit_value(file.text, gitlab_external_ip, property_ip);
    ASSERT_TRUE(edited.ok()) << "seed " << seed << ": " << message_of(edited.status()) << "\n"
                             << file.text;
    ++seen[static_cast<std::size_t>(file.state)];
    ASSERT_TRUE(only_target_differs(values_of(file.text), values_of(edited->text)))
        << "seed " << seed << "\n"
        << file.text << "\n=>\n"
        << edited->text;

    const std::string before_it = file.text.substr(0, file.offset);
    const std::string behind_it = file.text.substr(file.offset + file.length);
    if (file.state == target_state::value) {
      ASSERT_EQ(edited->text,
                before_it + file.quote + std::string(property_ip) + file.quote + behind_it)
          << "seed " << seed;
    } else {
      ASSERT_TRUE(has_all_bytes(edited->text, before_it + behind_it)) << "seed " << seed;
    }
    ASSERT_EQ(edit_value(edited->text, gitlab_external_ip, property_ip).value().text, edited->text)
        << "seed " << seed;
  }
  // The files are of all kinds.
  for (const int count : seen) EXPECT_GT(count, static_cast<int>(files) / 10);
}

/// A broken file gives an error or an edit that holds, and never anything else.
TEST(a_random_file_with_a_wrong_byte, is_refused_or_changes_in_the_value_alone) {
  constexpr std::string_view bytes = ":#-?&*!|>'\"%@`{}[], \t\n\rxz\\\xff\x04";
  int refused = 0;
  for (std::uint32_t seed = 1; seed <= files; ++seed) {
    std::string text = make_random_yaml(seed).text;
    if (text.empty()) continue;
    text[(seed * 2654435761u) % text.size()] = bytes[seed % bytes.size()];
    const auto edited = edit_value(text, gitlab_external_ip, property_ip);
    if (!edited.ok()) {
      EXPECT_EQ(edited.status().code(), absl::StatusCode::kInvalidArgument);
      ++refused;
      continue;
    }
    ASSERT_TRUE(only_target_differs(values_of(text), values_of(edited->text)))
        << "seed " << seed << "\n"
        << text << "\n=>\n"
        << edited->text;
  }
  EXPECT_GT(refused, 0);
}

}  // namespace
}  // namespace netscan
