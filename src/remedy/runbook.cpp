#include "runbook.hpp"

#include <fmt/format.h>

#include "shell_text.hpp"

namespace netscan::detail {
namespace {

constexpr std::string_view settings_begin = "# --- settings: what netscan wrote this for\n";
constexpr std::string_view settings_end = "# --- end of settings\n";

template <typename Range, typename Text>
std::string list(std::string_view name, const Range& range, Text text) {
  std::string words;
  for (const auto& item : range) {
    if (!words.empty()) words += ' ';
    words += shell_word(text(item));
  }
  return fmt::format("{}=({})\n", name, words);
}

std::string line(std::string_view name, std::string_view value) {
  return fmt::format("{}={}\n", name, shell_word(value));
}

std::string flag(std::string_view name, bool value) {
  return line(name, value ? "true" : "false");
}

std::string ports_line(const port_set& ports) {
  std::string text = "ports=(";
  for (std::uint32_t i = 0; i < ports.size(); ++i) {
    text += fmt::format("{}{}", i == 0 ? "" : " ", ports.at(i));
  }
  return text + ")\n";
}

}  // namespace

std::string runbook(const remedy_facts& facts, const port_set& ports, const remedy_options& options,
                    bool has_gitlab_values, bool has_final_pool) {
  const auto address_text = [](const ip_address& address) { return to_string(address); };
  const bool is_ingress_nginx = options.service == service_name{};
  std::string settings =
      line("format", to_string(options.pool.format)) +
      line("metallb_namespace", options.pool.name_space) + line("pool", options.pool.name) +
      line("advertisement", options.pool.protocol == pool_protocol::layer2 ? "l2advertisements"
                                                                           : "bgpadvertisements") +
      flag("merged", options.metallb_config.has_value()) + list("vips", facts.vips, address_text) +
      list("old_vips", facts.old_vips, address_text) + line("pin", to_string(facts.pin)) +
      line("namespace", options.service.name_space) + line("service", options.service.name) +
      line("release", is_ingress_nginx ? "ingress-nginx" : "") + flag("gitlab", has_gitlab_values) +
      list("names", facts.names, [](const served_name& served) { return served.name; }) +
      list("statuses", facts.names, [](const served_name& served) { return served.status; }) +
      ports_line(ports) + flag("https", facts.https) +
      flag("any_certificate", options.any_certificate) + flag("final", has_final_pool);

  const std::size_t begin = runbook_text.find(settings_begin) + settings_begin.size();
  const std::size_t end = runbook_text.find(settings_end);
  return std::string(runbook_text.substr(0, begin)) + settings +
         std::string(runbook_text.substr(end));
}

}  // namespace netscan::detail
