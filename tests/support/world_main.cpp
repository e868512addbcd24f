// netscan-world: runs a command in a network namespace whose only way out leads to a world, so that
// any scanner can be tried on it, and says afterwards what went through.
#include <fmt/format.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <fstream>
#include <map>
#include <system_error>

#include <CLI/CLI.hpp>

#include "network_namespace.hpp"
#include "world.hpp"

namespace {

using netscan::testing::world;
using netscan::testing::world_forgery;
using netscan::testing::world_kind;
using netscan::testing::world_link;
using netscan::testing::world_options;
using netscan::testing::world_reply_from;
using netscan::testing::world_truth;

struct arguments {
  world_options options;
  double loss = 0;
  bool ethernet = false;
  std::vector<std::uint16_t> ports = {80, 443};
  std::vector<std::string> sysctls;
  std::string truth_file;
  std::vector<std::string> command;
};

// An option that is one of the words of an enumeration, from 0 to `last`.
template <typename Word>
void add_word_option(CLI::App& app, const std::string& name, Word& value, Word last,
                     const std::string& what) {
  std::map<std::string, Word> words;
  for (int i = 0; i <= static_cast<int>(last); ++i) {
    words.emplace(to_string(static_cast<Word>(i)), static_cast<Word>(i));
  }
  app.add_option_function<std::string>(
         name, [&value, words](const std::string& word) { value = words.at(word); }, what)
      ->check(CLI::IsMember(words));
}

void add_hostile_options(CLI::App& app, world_options& options) {
  app.add_option("--duplicates", options.duplicates, "Copies of each answer")
      ->capture_default_str();
  app.add_option("--duplicate-gap-us", options.duplicate_gap_us, "Between an answer's copies")
      ->capture_default_str();
  app.add_option("--stray-resets", options.stray_resets,
                 "Rounds of RSTs with every SYN and answer that nobody may believe")
      ->capture_default_str();
  add_word_option(app, "--forge", options.forgery, world_forgery::cut_short,
                  "What is wrong with the ICMP error that each SYN draws");
  add_word_option(app, "--reply-from", options.reply_from, world_reply_from::other_port,
                  "Where answers over TCP come from");
  app.add_option("--icmp-from", options.icmp_from, "Who claims to send the ICMP errors");
}

arguments parse(int argc, char** argv) {
  arguments a;
  CLI::App app("Runs COMMAND where all of a prefix answers as the options say.");
  app.add_option("--prefix", a.options.prefix, "The addresses")->capture_default_str();
  app.add_option("--ports", a.ports, "Ports that the truth is written for")
      ->delimiter(',')
      ->capture_default_str();
  app.add_option("--seed", a.options.seed, "Decides what is what")->capture_default_str();
  const CLI::Range share(0.0, 1.0);
  for (const auto& [name, value] : std::initializer_list<std::pair<const char*, double*>>{
           {"--open", &a.options.open},
           {"--closed", &a.options.closed},
           {"--prohibited", &a.options.prohibited},
           {"--port-unreachable", &a.options.port_unreachable},
           {"--host-unreachable", &a.options.host_unreachable},
           {"--slow", &a.options.slow_share}}) {
    app.add_option(name, *value, "Share, 0 to 1")->check(share)->capture_default_str();
  }
  app.add_option("--loss", a.loss, "Share of packets lost, each way")
      ->check(share)
      ->capture_default_str();
  app.add_flag("--ethernet", a.ethernet,
               "The device carries Ethernet frames; the router is " + world::router_mac());
  app.add_option("--delay-min-us", a.options.delay_min_us)->capture_default_str();
  app.add_option("--delay-max-us", a.options.delay_max_us)->capture_default_str();
  add_hostile_options(app, a.options);
  app.add_option("--sysctl", a.sysctls, "KEY=VALUE, set in the namespace first");
  app.add_option(
      "--truth", a.truth_file,
      "File for the truth: a line for each endpoint that is not silent, ADDRESS PORT KIND");
  app.add_option("COMMAND", a.command, "After --")->required();
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    std::exit(app.exit(error) == 0 ? 0 : 2);
  }
  a.options.loss_in = a.options.loss_out = a.loss;
  return a;
}

void write_truth(const arguments& a) {
  const world_truth truth(a.options);
  std::ofstream file(a.truth_file);
  for (std::uint64_t i = 0; i < truth.size(); ++i) {
    for (const std::uint16_t port : a.ports) {
      const world_kind kind = truth.kind(i, port);
      if (kind != world_kind::silent) {
        file << fmt::format("{} {} {}\n", to_string(truth.address(i)), port, to_string(kind));
      }
    }
  }
  if (!file.flush()) throw std::runtime_error("cannot write " + a.truth_file);
}

int run_command(const std::vector<std::string>& command) {
  std::vector<char*> argv;
  for (const std::string& argument : command) argv.push_back(const_cast<char*>(argument.c_str()));
  argv.push_back(nullptr);
  const pid_t child = ::fork();
  if (child == 0) {
    ::execvp(argv[0], argv.data());
    std::perror(argv[0]);
    ::_exit(127);
  }
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

}  // namespace

int main(int argc, char** argv) try {
  const arguments a = parse(argc, argv);
  if (!a.truth_file.empty()) write_truth(a);
  netscan::testing::enter_network_namespace();
  for (const std::string& setting : a.sysctls) {
    const std::size_t equals = setting.find('=');
    netscan::testing::set_sysctl(setting.substr(0, equals),
                                 equals == setting.npos ? "" : setting.substr(equals + 1));
  }
  const world world(a.options, a.ports, a.ethernet ? world_link::ethernet : world_link::ip);
  const int code = run_command(a.command);
  world.catch_up();
  const auto& c = world.counters();
  fmt::print(stderr,
             "{{\"syns\":{},\"answers\":{},\"resets\":{},\"lost_in\":{},\"lost_out\":{},"
             "\"copies\":{},\"stray_resets\":{},\"forged\":{},\"dropped\":{}}}\n",
             c.syns.load(), c.answers.load(), c.resets.load(), c.lost_in.load(), c.lost_out.load(),
             c.copies.load(), c.stray_resets.load(), c.forged.load(), world.dropped());
  return code;
} catch (const std::exception& failure) {
  fmt::print(stderr, "netscan-world: {}\n", failure.what());
  return 2;
}
