/// The values file that the team gave GitLab's chart, as it was: with the misspelt key.
#pragma once

#include <string_view>

namespace netscan::testing {

inline constexpr std::string_view story_values =
    "global:\n"
    "  edition: ce\n"
    "  hosts:\n"
    "    domain: ailab.com\n"
    "    https: true\n"
    "    externalIP: 10.0.0.216\n"
    "  ingress:\n"
    "    congifureCertmanager: false\n"
    "    class: nginx\n"
    "    tls:\n"
    "      secretName: gitlab-tls\n"
    "certmanager:\n"
    "  install: false\n"
    "nginx-ingress:\n"
    "  enabled: false\n"
    "gitlab-runner:\n"
    "  install: false\n";

}  // namespace netscan::testing
