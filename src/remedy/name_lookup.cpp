#include "name_lookup.hpp"

#include <condition_variable>
#include <memory>
#include <mutex>
#include <system_error>
#include <thread>
#include <utility>

#include "netscan/scan/resolve.hpp"

namespace netscan::detail {
namespace {

/// Kept alive by the threads, which may outlive the caller: getaddrinfo(3) cannot be stopped.
struct shared_answers {
  std::mutex mutex;
  std::condition_variable_any changed;
  std::map<std::string, looked_up> answers;
  std::size_t missing = 0;
};

}  // namespace

std::map<std::string, looked_up> look_up(const std::vector<std::string>& names,
                                         std::chrono::milliseconds timeout,
                                         const std::stop_token& stop) {
  const auto shared = std::make_shared<shared_answers>();
  for (const std::string& name : names) shared->answers.try_emplace(name);
  shared->missing = shared->answers.size();
  for (const auto& [name, unused] : shared->answers) {
    const auto answer = [shared, name = name](looked_up addresses) {
      const std::lock_guard lock(shared->mutex);
      shared->answers[name] = std::move(addresses);
      --shared->missing;
      shared->changed.notify_all();
    };
    try {
      std::thread([answer, name = name] { answer(resolve(name)); }).detach();
    } catch (const std::system_error& failure) {
      answer(absl::StatusOr<std::vector<ip_address>>(absl::ResourceExhaustedError(failure.what())));
    }
  }
  std::unique_lock lock(shared->mutex);
  shared->changed.wait_for(lock, stop, timeout, [&] { return shared->missing == 0; });
  return shared->answers;
}

}  // namespace netscan::detail
