#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <iterator>
#include <map>
#include <numeric>

#include "duration_text.hpp"
#include "html_text.hpp"
#include "page_sections.hpp"

namespace netscan::detail {
namespace {

constexpr int bins_per_decade = 10;

// Of the drawing, in its own units: it is about as wide as a phone.
constexpr double width = 360;
constexpr double height = 180;
constexpr double left = 34;
constexpr double bottom = 24;
constexpr double top = 8;

enum answer_kind : std::uint8_t { by_open, by_closed, by_icmp };
constexpr std::array<std::string_view, 3> kind_words = {"open", "closed", "ICMP"};
constexpr std::array<std::string_view, 3> kind_classes = {"open", "closed", "rejected"};
using bin_counts = std::array<std::uint64_t, 3>;

std::uint64_t sum(const bin_counts& bin) {
  return std::accumulate(bin.begin(), bin.end(), std::uint64_t{0});
}

int bin_of(std::uint32_t rtt_us) {
  return static_cast<int>(std::floor(bins_per_decade * std::log10(std::max(rtt_us, 1U))));
}

std::uint64_t start_of(int bin) {
  return static_cast<std::uint64_t>(
      std::ceil(std::pow(10, static_cast<double>(bin) / bins_per_decade) - 1e-9));
}

answer_kind kind_of(const probe_record& probe) {
  if (probe.state() == probe_state::open) return by_open;
  return probe.state() == probe_state::closed ? by_closed : by_icmp;
}

class histogram {
 public:
  explicit histogram(const page_vantage& vantage) {
    for (const probe_record& probe : vantage.probes) {
      if (!probe.rtt_us) continue;
      rtts_.push_back(*probe.rtt_us);
      ++bins_[bin_of(*probe.rtt_us)][kind_of(probe)];
    }
    std::sort(rtts_.begin(), rtts_.end());
  }

  bool empty() const { return rtts_.empty(); }

  std::string sentence() const {
    const auto quantile = [this](double share) {
      return rtts_[static_cast<std::size_t>(share * static_cast<double>(rtts_.size() - 1))];
    };
    return fmt::format("{} answers: shortest {}, median {}, 95 % within {}, longest {}",
                       rtts_.size(), duration_text(rtts_.front()), duration_text(quantile(0.5)),
                       duration_text(quantile(0.95)), duration_text(rtts_.back()));
  }

  std::string svg() const {
    // A bin to each side, so that a single one is not a wall.
    const int first = bins_.begin()->first - 1;
    const int end = bins_.rbegin()->first + 2;
    std::uint64_t most = 0;
    for (const auto& [bin, counts] : bins_) most = std::max(most, sum(counts));
    const double step = (width - left) / (end - first);
    const double unit = (height - bottom - top) / static_cast<double>(most);
    const double ground = height - bottom;

    std::string svg = fmt::format(
        "<svg class=\"histogram\" viewBox=\"0 0 {} {}\" role=\"img\" aria-label=\"{}\">", width,
        height, html_text("Histogram of round trip times. " + sentence()));
    auto out = std::back_inserter(svg);
    for (const auto& [bin, counts] : bins_) {
      fmt::format_to(out, "<g><title>{}</title>", title(bin, counts));
      double y = ground;
      for (std::size_t kind = 0; kind < counts.size(); ++kind) {
        if (counts[kind] == 0) continue;
        const double tall = unit * static_cast<double>(counts[kind]);
        y -= tall;
        fmt::format_to(
            out,
            "<rect class=\"bar {}\" x=\"{:.2f}\" y=\"{:.2f}\" width=\"{:.2f}\" height=\"{:.2f}\"/>",
            kind_classes[kind], left + step * (bin - first) + 0.5, y, step - 1, tall);
      }
      svg += "</g>";
    }
    fmt::format_to(out, "<path class=\"axis\" d=\"M{} {}V{}H{}\"/>", left, top, ground, width);
    fmt::format_to(out, "<text x=\"{}\" y=\"{}\" text-anchor=\"end\">{}</text>", left - 4, top + 8,
                   most);
    fmt::format_to(out, "<text x=\"{}\" y=\"{}\" text-anchor=\"end\">0</text>", left - 4, ground);
    svg += time_axis(first, end, step);
    return svg + "</svg>";
  }

 private:
  static std::string title(int bin, const bin_counts& counts) {
    std::string text =
        fmt::format("{} to {}:", duration_text(start_of(bin)), duration_text(start_of(bin + 1)));
    for (std::size_t kind = 0; kind < counts.size(); ++kind) {
      if (counts[kind] != 0) text += fmt::format(" {} {}", counts[kind], kind_words[kind]);
    }
    return text;
  }

  /// At 1, 2 and 5 of each decade, as far as there is room.
  static std::string time_axis(int first, int end, double step) {
    std::string svg;
    double last = -width;
    for (int decade = 0; decade < 10; ++decade) {
      for (const double factor : {1.0, 2.0, 5.0}) {
        const double us = factor * std::pow(10, decade);
        const double place = bins_per_decade * std::log10(us);
        if (place < first || place > end) continue;
        const double x = left + step * (place - first);
        if (x - last < 46 || x > width - 18) continue;
        last = x;
        fmt::format_to(std::back_inserter(svg),
                       "<path class=\"axis\" d=\"M{0:.2f} {1}v4\"/><text x=\"{0:.2f}\" y=\"{2}\" "
                       "text-anchor=\"middle\">{3}</text>",
                       x, height - bottom, height - bottom + 16, round_text(us));
      }
    }
    return svg;
  }

  static std::string round_text(double us) {
    if (us < 1e3) return fmt::format("{:.0f} us", us);
    return us < 1e6 ? fmt::format("{:.0f} ms", us / 1e3) : fmt::format("{:.0f} s", us / 1e6);
  }

  std::vector<std::uint32_t> rtts_;
  std::map<int, bin_counts> bins_;
};

}  // namespace

std::string rtt_section(const page_content& content) {
  std::string html =
      "<section aria-labelledby=\"rtt\"><h2 id=\"rtt\">Round trip times</h2>\n"
      "<div class=\"cards\">\n";
  for (const page_vantage& vantage : content.vantages) {
    const histogram rtts(vantage);
    html += fmt::format("<figure class=\"card\"><figcaption><h3>From {}</h3><p>{}</p></figcaption>",
                        html_text(vantage.name), rtts.empty() ? "No answer" : rtts.sentence());
    if (!rtts.empty()) {
      html += rtts.svg();
      html += "<ul class=\"legend\">";
      for (std::size_t kind = 0; kind < kind_words.size(); ++kind) {
        html += fmt::format(
            "<li><svg class=\"key\" viewBox=\"0 0 10 10\" aria-hidden=\"true\"><rect "
            "class=\"bar {}\" width=\"10\" height=\"10\"/></svg>{}</li>",
            kind_classes[kind], kind_words[kind]);
      }
      html += "</ul>";
    }
    html += "</figure>\n";
  }
  return html + "</div></section>\n";
}

}  // namespace netscan::detail
