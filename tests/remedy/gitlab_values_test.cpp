#include "netscan/remedy/gitlab_values.hpp"

#include <gtest/gtest.h>

#include "edit_distance.hpp"
#include "netscan/target/status.hpp"
#include "story_values.hpp"

namespace netscan {
namespace {

gitlab_values read(std::string_view yaml) {
  return read_gitlab_values(yaml).value();
}

std::string error(std::string_view yaml) {
  return std::string(message_of(read_gitlab_values(yaml).status()));
}

TEST(the_storys_values, are_read_with_their_misspelt_key) {
  const gitlab_values values = read(testing::story_values);
  EXPECT_EQ(values.domain, "ailab.com");
  EXPECT_TRUE(values.https);
  EXPECT_EQ(values.external_ip, "10.0.0.216");
  EXPECT_EQ(values.hosts, (std::vector<gitlab_host>{{"gitlab", "gitlab.ailab.com"},
                                                    {"registry", "registry.ailab.com"},
                                                    {"minio", "minio.ailab.com"},
                                                    {"kas", "kas.ailab.com"}}));
  EXPECT_EQ(values.ingress_class, "nginx");
  EXPECT_EQ(values.tls_secret, "gitlab-tls");
  EXPECT_EQ(values.configure_certmanager, std::nullopt);
  EXPECT_EQ(values.own_ingress, false);
  EXPECT_EQ(values.documents, 1u);
  EXPECT_EQ(values.misspelt,
            (std::vector<misspelt_key>{
                {{"global", "ingress", "congifureCertmanager"}, "configureCertmanager", 8, 5}}));
}

TEST(a_misspelt_key, is_pointed_out_in_one_line) {
  EXPECT_EQ(to_string(read(testing::story_values).misspelt.at(0)),
            "line 8, column 5: unknown key global.ingress.congifureCertmanager, which Helm ignores "
            "in silence: is configureCertmanager meant?");
}

TEST(a_misspelt_key, is_found_at_every_level_and_in_any_case) {
  const auto found =
      read(
          "Global: {}\nglobal:\n  host: {}\n  hosts:\n    externalIp: a\n"
          "    domian: b\nnginx-ingres: {enabled: true}\ncertmanager: {instal: no}\n")
          .misspelt;
  std::vector<std::string> known;
  for (const misspelt_key& key : found) known.push_back(path_text(key.path) + " " + key.known);
  EXPECT_EQ(known, (std::vector<std::string>{
                       "Global global", "global.host hosts", "global.hosts.externalIp externalIP",
                       "global.hosts.domian domain", "nginx-ingres nginx-ingress",
                       "certmanager.instal install"}));
}

TEST(a_key_that_is_close_to_none, is_nobodys_mistake) {
  EXPECT_EQ(
      read("x-anchors: {}\nglobal:\n  ingress:\n    annotations: {pah: a, clas: b}\n    foo: 1\n"
           "gitlab: {webservise: {}}\nconfigureCertmanager: true\n")
          .misspelt,
      std::vector<misspelt_key>{});
}

TEST(the_names, follow_the_suffix_and_what_is_set_for_each) {
  const auto names = [](std::string_view yaml) {
    std::string text;
    for (const gitlab_host& host : read(yaml).hosts) text += host.service + "=" + host.name + " ";
    return text;
  };
  EXPECT_EQ(names("global: {hosts: {domain: a.b, hostSuffix: staging, registry: {name: r.c}}}"),
            "gitlab=gitlab-staging.a.b registry=r.c minio=minio-staging.a.b kas=kas-staging.a.b ");
  EXPECT_EQ(names("global: {hosts: {domain: a}, minio: {enabled: false}, kas: {enabled: no}}\n"
                  "registry: {enabled: off}"),
            "gitlab=gitlab.a ");
  EXPECT_EQ(names("global: {hosts: {domain: a}, pages: {enabled: true}, appConfig: {smartcard: "
                  "{enabled: true}}}"),
            "gitlab=gitlab.a registry=registry.a minio=minio.a kas=kas.a pages=pages.a "
            "smartcard=smartcard.a ");
  EXPECT_EQ(names("global: {hosts: {gitlab: {name: git.a}}}"), "gitlab=git.a ");
  EXPECT_EQ(names(""), "");
}

TEST(values, are_read_through_aliases_and_from_the_first_document) {
  const gitlab_values values =
      read("x: &x {domain: a.b}\nglobal:\n  hosts: *x\n---\nglobal: {hosts: {domain: c.d}}\n");
  EXPECT_EQ(values.domain, "a.b");
  EXPECT_EQ(values.documents, 2u);
}

TEST(values, that_are_not_there_have_the_charts_defaults) {
  for (const char* yaml : {"", "# a\n", "global:\n", "global:\n  hosts:\n    domain:\n"}) {
    const gitlab_values values = read(yaml);
    EXPECT_EQ(values.domain, std::nullopt);
    EXPECT_TRUE(values.https);
    EXPECT_EQ(values.own_ingress, std::nullopt);
    EXPECT_TRUE(values.hosts.empty());
  }
}

TEST(values, of_the_wrong_kind_are_refused_with_their_place) {
  EXPECT_EQ(error("global: 1\n"), "line 1, column 9: global is no mapping");
  EXPECT_EQ(error("- a\n"), "line 1, column 1: the document is no mapping");
  EXPECT_EQ(error("global:\n  hosts:\n    domain: [a]\n"),
            "line 3, column 13: global.hosts.domain is a list");
  EXPECT_EQ(error("global: {hosts: {https: maybe}}\n"),
            "line 1, column 25: global.hosts.https is neither true nor false");
  EXPECT_EQ(error("global: {hosts: {https: 'true'}}\n"),
            "line 1, column 25: global.hosts.https is neither true nor false");
  EXPECT_EQ(error("a: b: c\n"), "line 1, column 5: no valid YAML: illegal map value");
}

TEST(the_edit_distance, counts_insertions_removals_replacements_and_swaps) {
  using detail::edit_distance;
  EXPECT_EQ(edit_distance("", ""), 0u);
  EXPECT_EQ(edit_distance("abc", ""), 3u);
  EXPECT_EQ(edit_distance("", "abc"), 3u);
  EXPECT_EQ(edit_distance("abc", "abc"), 0u);
  EXPECT_EQ(edit_distance("abc", "acb"), 1u);
  EXPECT_EQ(edit_distance("abc", "abxc"), 1u);
  EXPECT_EQ(edit_distance("abxc", "abc"), 1u);
  EXPECT_EQ(edit_distance("abc", "axc"), 1u);
  EXPECT_EQ(edit_distance("ca", "abc"), 3u);  // nothing is changed twice
  EXPECT_EQ(edit_distance("congifureCertmanager", "configureCertmanager"), 2u);
}

}  // namespace
}  // namespace netscan
