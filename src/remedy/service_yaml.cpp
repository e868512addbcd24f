#include "service_yaml.hpp"

#include <fmt/format.h>

#include <string_view>

#include "report/yaml_text.hpp"

namespace netscan::detail {
namespace {

/// `10.0.0.232,fd00:10::232`
std::string joined_vips(const remedy_facts& facts) {
  std::string text;
  for (const ip_address& vip : facts.vips) text += (text.empty() ? "" : ",") + to_string(vip);
  return text;
}

/// The same in quotes: a bare IPv6 address is no string to every reader of YAML.
std::string addresses_of(const remedy_facts& facts) {
  return '"' + joined_vips(facts) + '"';
}

std::string family_lines(const remedy_facts& facts, std::string_view indent) {
  const bool dual = facts.vips.size() > 1;
  // A Service of one family is IPv4 in most clusters without being told.
  if (!dual && facts.vips.front().is_v4()) return "";
  std::string text = fmt::format("{}ipFamilyPolicy: {}\n{}ipFamilies:\n", indent,
                                 dual ? "RequireDualStack" : "SingleStack", indent);
  for (const ip_address& vip : facts.vips) {
    text += fmt::format("{}- {}\n", indent, vip.is_v4() ? "IPv4" : "IPv6");
  }
  return text;
}

std::string page_of(const remedy_facts& facts) {
  return "netscan test of " + joined_vips(facts);
}

std::string metadata(std::string_view name_space) {
  return fmt::format("metadata:\n  name: netscan-test-lb\n  namespace: {}\n",
                     yaml_scalar(name_space));
}

}  // namespace

std::string test_service_yaml(const remedy_facts& facts, const port_set& ports,
                              const remedy_options& options) {
  const std::string where = metadata(options.service.name_space);
  std::string text = fmt::format(
      "# A pod that answers at {} with a page of its own, to ask from the client before anything\n"
      "# else moves there. Every port leads to it in plain HTTP: it is the way that is tested.\n",
      joined_vips(facts));
  text += "apiVersion: v1\nkind: ConfigMap\n" + where;
  text += fmt::format("data:\n  index.html: |\n    {}\n", page_of(facts));
  text += "---\napiVersion: v1\nkind: Pod\n" + where;
  text += "  labels:\n    app: netscan-test-lb\n";
  text += fmt::format(
      "spec:\n  containers:\n  - name: nginx\n    image: \"{}\"\n    ports:\n"
      "    - containerPort: 80\n    readinessProbe:\n      httpGet:\n        path: /\n"
      "        port: 80\n    volumeMounts:\n    - name: page\n"
      "      mountPath: /usr/share/nginx/html\n  volumes:\n  - name: page\n    configMap:\n"
      "      name: netscan-test-lb\n",
      options.test_image);
  text += "---\napiVersion: v1\nkind: Service\n" + where;
  if (facts.pin != pin_way::load_balancer_ip) {
    text += fmt::format("  annotations:\n    {}: {}\n", to_string(facts.pin), addresses_of(facts));
  }
  text += "spec:\n  type: LoadBalancer\n";
  if (facts.pin == pin_way::load_balancer_ip) {
    text += fmt::format("  loadBalancerIP: {}\n", addresses_of(facts));
  }
  text += family_lines(facts, "  ");
  text += "  selector:\n    app: netscan-test-lb\n  ports:\n";
  for (std::uint32_t i = 0; i < ports.size(); ++i) {
    text += fmt::format("  - name: port-{0}\n    port: {0}\n    targetPort: 80\n", ports.at(i));
  }
  return text;
}

std::string ingress_nginx_values_yaml(const remedy_facts& facts) {
  const std::string_view universe = to_string(pin_way::universe_annotation);
  std::string text = fmt::format(
      "# Pins ingress-nginx's Service to {} by {}.\n"
      "# Never two ways at once: MetalLB takes that for an error. So what an earlier values file\n"
      "# may have set is taken back here.\n"
      "controller:\n  service:\n    annotations:\n",
      joined_vips(facts), to_string(facts.pin));
  if (facts.pin != pin_way::universe_annotation) text += fmt::format("      {}: null\n", universe);
  if (facts.pin != pin_way::load_balancer_ip) {
    text += fmt::format("      {}: {}\n", to_string(facts.pin), addresses_of(facts));
  }
  text += fmt::format("    loadBalancerIP: {}\n",
                      facts.pin == pin_way::load_balancer_ip ? addresses_of(facts) : "\"\"");
  return text + family_lines(facts, "    ");
}

}  // namespace netscan::detail
