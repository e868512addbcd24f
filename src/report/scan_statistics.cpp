#include "netscan/report/scan_statistics.hpp"

#include <fmt/format.h>
#include <sys/resource.h>

#include <algorithm>
#include <bit>
#include <cmath>

#include "duration_text.hpp"

namespace netscan {
namespace {

double per(double count, double unit) noexcept {
  return unit <= 0 ? 0 : count / unit;
}

std::uint64_t microseconds(const timeval& time) noexcept {
  return static_cast<std::uint64_t>(time.tv_sec) * 1'000'000 +
         static_cast<std::uint64_t>(time.tv_usec);
}

std::string answers_text(const scan_statistics& statistics) {
  if (statistics.answers() == 0) return "none";
  const auto rtt = [&](double share) {
    return detail::duration_text(statistics.rtt_us(share).value_or(0));
  };
  return fmt::format("{}; the first half within {}, 95 % within {}; shortest {}, longest {}",
                     statistics.answers(), rtt(0.5), rtt(0.95), rtt(0), rtt(1));
}

}  // namespace

// Times below 64 us have a step each; above, the leading bit and the six after it tell the step.
std::size_t scan_statistics::step_of(std::uint32_t rtt_us) noexcept {
  const auto digits = static_cast<unsigned>(std::bit_width(rtt_us));
  if (digits <= step_bits) return rtt_us;
  const unsigned shift = digits - 1 - step_bits;
  return (std::size_t{shift} + 1) * steps + ((rtt_us >> shift) - steps);
}

std::uint32_t scan_statistics::start_of(std::size_t step) noexcept {
  if (step < steps) return static_cast<std::uint32_t>(step);
  const std::size_t shift = step / steps - 1;
  return static_cast<std::uint32_t>((steps + step % steps) << shift);
}

void scan_statistics::add(std::span<const probe_record> records) noexcept {
  for (const probe_record& record : records) {
    if (!record.rtt_us) continue;
    const std::uint32_t rtt = *record.rtt_us;
    shortest_ = answers_ == 0 ? rtt : std::min(shortest_, rtt);
    longest_ = std::max(longest_, rtt);
    ++answers_;
    ++counts_[step_of(rtt)];
  }
}

std::optional<std::uint32_t> scan_statistics::rtt_us(double share) const noexcept {
  if (answers_ == 0) return std::nullopt;
  if (share >= 1) return longest_;
  // The answer whose turn it is when all stand in a row by their time.
  const auto wanted =
      static_cast<std::uint64_t>(std::ceil(std::max(share, 0.0) * static_cast<double>(answers_)));
  if (wanted <= 1) return shortest_;
  std::uint64_t seen = 0;
  for (std::size_t step = 0; step < counts_.size(); ++step) {
    seen += counts_[step];
    if (seen >= wanted) return std::clamp(start_of(step), shortest_, longest_);
  }
  return longest_;
}

process_usage usage_of_process() noexcept {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  return {.cpu_us = microseconds(usage.ru_utime) + microseconds(usage.ru_stime),
          .most_memory = static_cast<std::uint64_t>(usage.ru_maxrss) * 1024};
}

std::string statistics_text(const scan_statistics& statistics, const scan_summary& summary,
                            const std::optional<process_usage>& usage) {
  const auto ended = static_cast<double>(summary.ended());
  const double seconds = static_cast<double>(summary.duration_ms) / 1000;
  std::string text =
      fmt::format("time      {}, {:.0f} probes/s\n",
                  detail::duration_text(summary.duration_ms * 1000), per(ended, seconds));
  text += fmt::format("SYNs      {}, {:.2f} a probe\n", summary.syns,
                      per(static_cast<double>(summary.syns), ended));
  text += fmt::format("answers   {}\n", answers_text(statistics));
  text += fmt::format("loss      {:.1f} % of the TCP answers took a repeated SYN\n",
                      100 * summary.loss_estimate);
  text += fmt::format("put off   {} attempts, for want of descriptors, ports or memory\n",
                      summary.back_pressure);
  if (usage) {
    text += fmt::format("process   {} of CPU, {:.1f} us a probe; {:.1f} MiB of memory\n",
                        detail::duration_text(usage->cpu_us),
                        per(static_cast<double>(usage->cpu_us), ended),
                        static_cast<double>(usage->most_memory) / (1 << 20));
  }
  return text;
}

}  // namespace netscan
