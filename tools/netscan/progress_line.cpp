#include "progress_line.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>

#include "messages.hpp"
#include "terminal.hpp"

namespace netscan::cli {
namespace {

using namespace std::chrono_literals;

// What is over soon needs no progress.
constexpr std::chrono::milliseconds first_drawing = 500ms;
constexpr std::chrono::milliseconds drawing_interval = 200ms;
constexpr std::chrono::milliseconds log_interval = 10s;

std::string time_left(double seconds) {
  if (seconds < 120) return fmt::format("{:.0f} s left", seconds);
  if (seconds < 7200) return fmt::format("{:.0f} min left", seconds / 60);
  return fmt::format("{:.1f} h left", seconds / 3600);
}

}  // namespace

std::string progress_text(std::uint64_t planned, std::uint64_t attempts, std::uint64_t in_flight,
                          std::uint64_t ended, std::uint64_t open,
                          std::chrono::duration<double> elapsed) {
  const double seconds = std::max(elapsed.count(), 1e-3);
  const double rate = static_cast<double>(attempts) / seconds;
  std::string text;
  if (attempts < planned) {
    const double share = static_cast<double>(attempts) / static_cast<double>(planned);
    text = fmt::format("{:.0f} % asked", 100 * share);
  } else {
    const double share = static_cast<double>(ended) / static_cast<double>(planned);
    text = fmt::format("all asked, {:.0f} % ended", 100 * share);
  }
  text += fmt::format(", {} open, {} in flight, {:.0f} probes/s", open, in_flight, rate);
  if (attempts > 0 && attempts < planned) {
    text += ", " + time_left(static_cast<double>(planned - attempts) / rate);
  }
  return text;
}

progress_style style_of_progress(bool is_garbled) noexcept {
  if (is_quiet() || is_garbled) return progress_style::none;
  if (is_terminal(STDERR_FILENO)) return progress_style::one_line;
  return is_verbose() ? progress_style::lines : progress_style::none;
}

progress_line::progress_line(std::uint64_t planned, progress_style style)
    : planned_(planned),
      style_(style),
      next_(started_ + (style == progress_style::lines ? log_interval : first_drawing)) {}

void progress_line::draw_now_and_then(const scan_progress& progress, std::uint64_t open) {
  if (style_ == progress_style::none || clock::now() < next_) return;
  next_ += style_ == progress_style::lines ? log_interval : drawing_interval;
  std::string text =
      progress_text(planned_, progress.attempts.load(std::memory_order_relaxed),
                    progress.in_flight.load(std::memory_order_relaxed),
                    progress.ended.load(std::memory_order_relaxed), open, clock::now() - started_);
  if (style_ == progress_style::lines) return complain(text);
  // A line that wraps cannot be drawn over.
  text.resize(std::min<std::size_t>(text.size(), width(STDERR_FILENO) - 1));
  say(fmt::format("\r\033[K{}", text));
  std::fflush(stderr);
  drawn_ = true;
}

void progress_line::wipe() {
  if (!drawn_) return;
  say("\r\033[K");
  std::fflush(stderr);
  drawn_ = false;
}

}  // namespace netscan::cli
