/// What the commands of the command line have in common.
#pragma once

namespace CLI {
class App;
}

namespace netscan::cli {

/// The exit codes of every command.
enum exit_code : int {
  yes = 0,          ///< done, and the answer is yes
  no = 1,           ///< done, and the answer is no: nothing open, no candidate
  wrong_usage = 2,  ///< wrong usage or bad input
  host_failed = 3,  ///< this host could not do all of it
  interrupted = 130,
};

/// Each adds its command; when the command is the one given, its exit code goes to `exit`.
void add_check(CLI::App& app, int& exit);
void add_sweep(CLI::App& app, int& exit);
void add_tune(CLI::App& app, int& exit);
void add_merge(CLI::App& app, int& exit);
void add_pool(CLI::App& app, int& exit);
void add_compare(CLI::App& app, int& exit);
void add_expect(CLI::App& app, int& exit);
void add_trace(CLI::App& app, int& exit);
void add_remedy(CLI::App& app, int& exit);
void add_verify(CLI::App& app, int& exit);
void add_manifest(CLI::App& app, int& exit);
void add_report(CLI::App& app, int& exit);
void add_completion(CLI::App& app, int& exit);
void add_man(CLI::App& app, int& exit);

}  // namespace netscan::cli
