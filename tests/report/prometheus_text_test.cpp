#include <gtest/gtest.h>

#include <algorithm>
#include <charconv>
#include <map>
#include <set>
#include <stdexcept>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "netscan/report/check_writer.hpp"
#include "sample_checks.hpp"
#include "sample_scans.hpp"

namespace netscan {
namespace {

using testing::ip;
using testing::random_check;
using testing::sample_check;
using testing::sample_time;

// --- the exposition format 0.0.4, read as strictly as node_exporter's textfile collector does ---

struct exposed_sample {
  std::string name;
  std::map<std::string, std::string> labels;
  double value = 0;
};

class exposition_reader {
 public:
  /// Throws std::invalid_argument, with what is wrong.
  std::vector<exposed_sample> read(std::string_view text) && {
    while (!text.empty()) {
      const std::size_t end = text.find('\n');
      require(end != text.npos, "the last line has no end");
      rest_ = text.substr(0, end);
      text.remove_prefix(end + 1);
      if (rest_.starts_with('#')) {
        comment();
      } else {
        sample();
      }
    }
    return std::move(samples_);
  }

 private:
  static void require(bool is_so, const char* what) {
    if (!is_so) throw std::invalid_argument(what);
  }

  void take(std::string_view text) {
    require(rest_.starts_with(text), "something else was expected");
    rest_.remove_prefix(text.size());
  }

  std::string take_name(bool is_metric) {
    const std::string letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_";
    const std::string first = letters + (is_metric ? ":" : "");
    const std::size_t end = std::min(rest_.find_first_not_of(first + "0123456789"), rest_.size());
    require(end != 0 && first.find(rest_[0]) != first.npos, "not a name");
    const std::string name(rest_.substr(0, end));
    rest_.remove_prefix(end);
    return name;
  }

  void comment() {
    take("# ");
    const bool is_help = rest_.starts_with("HELP ");
    take(is_help ? "HELP " : "TYPE ");
    enter(take_name(true));
    take(" ");
    bool& has_it = is_help ? has_help_ : has_type_;
    require(!has_it && !has_samples_, "HELP and TYPE come once and before the samples");
    has_it = true;
    if (is_help) {
      require(rest_.find('\\') == rest_.npos, "no help here needs an escape");
    } else {
      require(rest_ == "gauge", "all are gauges");
    }
  }

  /// All lines of a metric stand together.
  void enter(const std::string& metric) {
    if (metric == metric_) return;
    require(metrics_.insert(metric).second, "a metric's lines stand apart");
    metric_ = metric;
    has_help_ = has_type_ = has_samples_ = false;
  }

  void sample() {
    exposed_sample sample;
    sample.name = take_name(true);
    enter(sample.name);
    require(has_help_ && has_type_, "HELP and TYPE are missing");
    has_samples_ = true;
    if (rest_.starts_with('{')) sample.labels = take_labels();
    take(" ");
    sample.value = take_value();
    require(series_.emplace(sample.name, sample.labels).second, "a series comes twice");
    samples_.push_back(sample);
  }

  std::map<std::string, std::string> take_labels() {
    std::map<std::string, std::string> labels;
    for (take("{");; take(",")) {
      const std::string name = take_name(false);
      take("=\"");
      require(labels.emplace(name, take_label_value()).second, "a label comes twice");
      if (rest_.starts_with('}')) break;
    }
    take("}");
    return labels;
  }

  /// To the closing quote, which is taken too.
  std::string take_label_value() {
    std::string value;
    for (;;) {
      require(!rest_.empty(), "a label's value has no end");
      const char c = rest_[0];
      rest_.remove_prefix(1);
      if (c == '"') return value;
      value += c == '\\' ? take_escaped() : c;
    }
  }

  char take_escaped() {
    const char c = rest_.empty() ? '\0' : rest_[0];
    require(c == '\\' || c == '"' || c == 'n', "not an escape");
    rest_.remove_prefix(1);
    return c == 'n' ? '\n' : c;
  }

  /// All of the rest: node_exporter refuses time stamps.
  double take_value() const {
    double value = 0;
    const char* const last = rest_.data() + rest_.size();
    const auto [end, error] = std::from_chars(rest_.data(), last, value);
    require(error == std::errc() && end == last, "not a number");
    return value;
  }

  std::string_view rest_;  // of the line
  std::string metric_;
  bool has_help_ = false;
  bool has_type_ = false;
  bool has_samples_ = false;
  std::set<std::string> metrics_;
  std::set<std::pair<std::string, std::map<std::string, std::string>>> series_;
  std::vector<exposed_sample> samples_;
};

/// What is wrong with the text, or "".
std::string exposition_error(std::string_view text) {
  try {
    exposition_reader().read(text);
    return "";
  } catch (const std::invalid_argument& error) {
    return error.what();
  }
}

std::vector<exposed_sample> exposed(const std::vector<check_record>& records) {
  const std::string text = prometheus_text(records);
  EXPECT_EQ(exposition_error(text), "") << text;
  return exposition_error(text).empty() ? exposition_reader().read(text)
                                        : std::vector<exposed_sample>();
}

TEST(prometheus_text, the_reader_sees_what_is_wrong) {
  const std::string head = "# HELP a Help.\n# TYPE a gauge\n";
  const std::string other = "# HELP b Help.\n# TYPE b gauge\nb 1\n";
  EXPECT_EQ(exposition_error(head + "a{x=\"1\",y=\"\\\\\\\"\\n\"} 1.5e-06\na{x=\"2\"} 2\n" + other),
            "");
  const std::pair<std::string, std::string> cases[] = {
      {head + "a 1", "the last line has no end"},
      {head + "\na 1\n", "not a name"},
      {"# TYPE a gauge\na 1\n", "HELP and TYPE are missing"},
      {"# HELP a Help.\na 1\n", "HELP and TYPE are missing"},
      {head + "b 1\n", "HELP and TYPE are missing"},
      {head + "a 1\n# TYPE a gauge\n", "HELP and TYPE come once and before the samples"},
      {head + "# HELP a Help.\n", "HELP and TYPE come once and before the samples"},
      {head + "a 1\n" + other + "a{x=\"1\"} 1\n", "a metric's lines stand apart"},
      {head + "a 1\na 2\n", "a series comes twice"},
      {head + "a{x=\"1\",y=\"1\"} 1\na{y=\"1\",x=\"1\"} 2\n", "a series comes twice"},
      {head + "a{x=\"1\",x=\"2\"} 1\n", "a label comes twice"},
      {head + "a{x=\"\\r\"} 1\n", "not an escape"},
      {head + "a{x=\"1\n\"} 1\n", "a label's value has no end"},
      {head + "a{x=\"1\"2\"} 1\n", "something else was expected"},
      {head + "a{1x=\"1\"} 1\n", "not a name"},
      {head + "a{x:y=\"1\"} 1\n", "something else was expected"},
      {head + "a 1 1767607200123\n", "not a number"},
      {head + "a one\n", "not a number"},
      {head + "a \n", "not a number"},
  };
  for (const auto& [text, error] : cases) EXPECT_EQ(exposition_error(text), error) << text;
}

// --- whole texts ---

check_record measured_check() {
  check_record record = sample_check();
  record.target = "https://gitlab.ailab.com/";
  record.outcome = check_outcome::ok;
  record.layer.reset();
  record.problem = check_problem::none;
  record.steps.erase(record.steps.begin());
  record.steps[0].tls->verified = true;
  return record;
}

check_record refused_check() {
  check_record record;
  record.vantage = "pc";
  record.target = "10.0.0.60:443";
  record.outcome = check_outcome::failed;
  record.layer = check_layer::tcp;
  record.problem = check_problem::connect;
  record.time = sample_time();
  record.duration_us = 1'500'000;
  check_step& step = record.steps.emplace_back();
  step.dns.emplace().duration_us = 0;
  step.tcp.emplace().duration_us = 412;
  probe_record& attempt = step.tcp->attempts.emplace_back();
  attempt.ip = ip("10.0.0.60");
  attempt.port = 443;
  attempt.reason = probe_reason::admin_prohibited;
  return record;
}

TEST(prometheus_text, of_a_good_page_and_of_a_port_that_is_not_reached) {
  EXPECT_EQ(prometheus_text(std::vector{measured_check(), refused_check()}),
            R"(# HELP netscan_check_ok 1 when all that was asked for was there, else 0.
# TYPE netscan_check_ok gauge
netscan_check_ok{vantage="pc",target="https://gitlab.ailab.com/"} 1
netscan_check_ok{vantage="pc",target="10.0.0.60:443"} 0
# HELP netscan_check_reason Always 1; the labels say how the check ended.
# TYPE netscan_check_reason gauge
netscan_check_reason{vantage="pc",target="https://gitlab.ailab.com/",outcome="ok",)"
            R"(layer="",reason="ok"} 1
netscan_check_reason{vantage="pc",target="10.0.0.60:443",outcome="failed",layer="tcp",)"
            R"(reason="admin-prohibited"} 1
# HELP netscan_check_duration_seconds How long the whole check took.
# TYPE netscan_check_duration_seconds gauge
netscan_check_duration_seconds{vantage="pc",target="https://gitlab.ailab.com/"} 0.005012
netscan_check_duration_seconds{vantage="pc",target="10.0.0.60:443"} 1.5
# HELP netscan_check_dns_seconds How long the name lookup took.
# TYPE netscan_check_dns_seconds gauge
netscan_check_dns_seconds{vantage="pc",target="https://gitlab.ailab.com/"} 1.2e-05
netscan_check_dns_seconds{vantage="pc",target="10.0.0.60:443"} 0
# HELP netscan_check_tcp_seconds How long the connection took.
# TYPE netscan_check_tcp_seconds gauge
netscan_check_tcp_seconds{vantage="pc",target="https://gitlab.ailab.com/"} 0.000412
netscan_check_tcp_seconds{vantage="pc",target="10.0.0.60:443"} 0.000412
# HELP netscan_check_tls_seconds How long the TLS handshake took.
# TYPE netscan_check_tls_seconds gauge
netscan_check_tls_seconds{vantage="pc",target="https://gitlab.ailab.com/"} 0.003
# HELP netscan_check_http_seconds How long the HTTP request and its answer took.
# TYPE netscan_check_http_seconds gauge
netscan_check_http_seconds{vantage="pc",target="https://gitlab.ailab.com/"} 0.0009
# HELP netscan_check_http_status The HTTP status of the answer.
# TYPE netscan_check_http_status gauge
netscan_check_http_status{vantage="pc",target="https://gitlab.ailab.com/"} 200
# HELP netscan_check_certificate_verified 1 when the certificate is trusted and for this )"
            R"(name, else 0.
# TYPE netscan_check_certificate_verified gauge
netscan_check_certificate_verified{vantage="pc",target="https://gitlab.ailab.com/"} 1
# HELP netscan_check_certificate_not_after_seconds When the certificate ends, in seconds since 1970.
# TYPE netscan_check_certificate_not_after_seconds gauge
netscan_check_certificate_not_after_seconds{vantage="pc",target="https://gitlab.ailab.com/"})"
            R"( 1767693600.123
# HELP netscan_check_time_seconds When the check began, in seconds since 1970.
# TYPE netscan_check_time_seconds gauge
netscan_check_time_seconds{vantage="pc",target="https://gitlab.ailab.com/"} 1767607200.123
netscan_check_time_seconds{vantage="pc",target="10.0.0.60:443"} 1767607200.123
)");
}

TEST(prometheus_text, has_no_metric_that_no_record_has) {
  const std::string text = prometheus_text(std::vector{refused_check()});
  EXPECT_NE(text.find("netscan_check_tcp_seconds"), text.npos);
  for (const char* const name : {"tls_seconds", "http_seconds", "http_status", "certificate"}) {
    EXPECT_EQ(text.find(name), text.npos) << text;
  }
}

TEST(prometheus_text, says_nothing_of_stopped_checks) {
  check_record stopped = measured_check();
  stopped.outcome = check_outcome::stopped;
  EXPECT_EQ(prometheus_text(std::vector{stopped}), "");
  EXPECT_EQ(prometheus_text({}), "");
  stopped.target = "10.0.0.1:443";
  EXPECT_EQ(prometheus_text(std::vector{stopped, refused_check(), stopped}),
            prometheus_text(std::vector{refused_check()}));
}

// --- labels ---

std::string exposed_target(const std::string& target) {
  check_record record = refused_check();
  record.target = target;
  const std::string text = prometheus_text(std::vector{record});
  const std::size_t begin = text.find("target=\"") + 8;
  return text.substr(begin, text.find("} ", begin) - 1 - begin);
}

TEST(prometheus_text, escapes_quotes_backslashes_and_newlines) {
  EXPECT_EQ(exposed_target(R"(http://a/"b\c)"), R"(http://a/\"b\\c)");
  EXPECT_EQ(exposed_target("a\nb\n"), R"(a\nb\n)");
  EXPECT_EQ(exposed_target(R"(\n)"), R"(\\n)");
  EXPECT_EQ(exposed_target(R"(\")"), R"(\\\")");
  EXPECT_EQ(exposed_target("Grüße \xe2\x98\x83,=#{"), "Grüße \xe2\x98\x83,=#{");
}

TEST(prometheus_text, replaces_what_is_no_utf8) {
  EXPECT_EQ(exposed_target("caf\xe9"), "caf\xef\xbf\xbd");
  EXPECT_EQ(exposed_target("\xe2\x98\""), "\xef\xbf\xbd\xef\xbf\xbd\\\"");
}

TEST(prometheus_text, escapes_the_vantage_too) {
  check_record record = measured_check();
  record.vantage = "a \"pc\"\\\n\xff";
  const std::vector<exposed_sample> samples = exposed({record});
  ASSERT_EQ(samples.size(), 11U);
  for (const exposed_sample& sample : samples) {
    EXPECT_EQ(sample.labels.at("vantage"), "a \"pc\"\\\n\xef\xbf\xbd") << sample.name;
    EXPECT_EQ(sample.labels.at("target"), record.target) << sample.name;
  }
}

TEST(prometheus_text, tells_targets_and_vantages_apart) {
  check_record other = refused_check();
  other.vantage = "laptop";
  EXPECT_EQ(exposed({refused_check(), other}).size(), 2 * exposed({other}).size());
}

// --- any records ---

/// By the target's number, which is its beginning.
using exposed_by_target = std::map<std::pair<std::string, std::string>, exposed_sample>;

std::optional<double> exposed_value(const exposed_by_target& samples, const std::string& name,
                                    const std::string& number) {
  const auto found = samples.find({"netscan_check_" + name, number});
  return found == samples.end() ? std::nullopt : std::optional(found->second.value);
}

template <typename Layer>
std::optional<double> layer_duration(const std::optional<Layer>& layer) {
  if (!layer) return std::nullopt;
  return static_cast<double>(layer->duration_us) / 1e6;
}

void expect_exposed(const exposed_by_target& samples, const check_record& r,
                    const std::string& number) {
  const auto value = [&](const char* name) { return exposed_value(samples, name, number); };
  const auto flag = [](bool is_so) { return std::optional(is_so ? 1.0 : 0.0); };
  const check_step& step = r.steps.back();
  const bool has_certificate = step.tls && step.tls->certificate;
  const bool has_status = step.http && step.http->status != 0;
  using none = std::optional<double>;
  EXPECT_EQ(value("ok"), flag(r.outcome == check_outcome::ok));
  EXPECT_EQ(value("reason"), 1.0);
  EXPECT_EQ(value("duration_seconds"), static_cast<double>(r.duration_us) / 1e6);
  EXPECT_EQ(value("dns_seconds"), layer_duration(step.dns));
  EXPECT_EQ(value("tcp_seconds"), layer_duration(step.tcp));
  EXPECT_EQ(value("tls_seconds"), layer_duration(step.tls));
  EXPECT_EQ(value("http_seconds"), layer_duration(step.http));
  EXPECT_EQ(value("http_status"), has_status ? none(step.http->status) : none());
  EXPECT_EQ(value("certificate_verified"), has_certificate ? flag(step.tls->verified) : none());
  EXPECT_EQ(value("certificate_not_after_seconds").has_value(), has_certificate);
  EXPECT_EQ(value("time_seconds"), 1767607200.123);
  const auto& labels = samples.at({"netscan_check_reason", number}).labels;
  EXPECT_EQ(labels.at("outcome"), to_string(r.outcome));
  EXPECT_EQ(labels.at("layer"), r.layer ? to_string(*r.layer) : "");
  EXPECT_EQ(labels.at("reason"), r.reason());
}

/// As Boost.JSON sees it.
bool is_utf8_text(std::string_view text) {
  boost::system::error_code error;
  boost::json::parse(boost::json::serialize(boost::json::string(text)), error);
  return !error;
}

TEST(prometheus_text, is_valid_and_whole_whatever_the_records_hold) {
  for (std::uint64_t first = 0; first < 400; first += 8) {
    std::vector<check_record> records;
    for (std::uint64_t seed = first; seed < first + 8; ++seed) {
      check_record record = random_check(seed);
      const std::string bytes = record.steps[0].tcp->banner + "\"\\\n";
      record.target = std::to_string(seed) + '|' + bytes;
      record.vantage = bytes;
      records.push_back(record);
    }
    ASSERT_TRUE(is_utf8_text(prometheus_text(records))) << first;
    exposed_by_target samples;
    for (const exposed_sample& sample : exposed(records)) {
      const std::string& target = sample.labels.at("target");
      samples[{sample.name, target.substr(0, target.find('|'))}] = sample;
    }
    for (std::size_t i = 0; i < records.size(); ++i) {
      const std::string number = std::to_string(first + i);
      if (records[i].outcome == check_outcome::stopped) {
        EXPECT_FALSE(exposed_value(samples, "ok", number)) << number;
        EXPECT_FALSE(exposed_value(samples, "time_seconds", number)) << number;
        continue;
      }
      ASSERT_TRUE(exposed_value(samples, "reason", number)) << number;
      expect_exposed(samples, records[i], number);
      // The bytes of odd seeds are ASCII: none of them may be lost.
      if ((first + i) % 2 == 0) continue;
      const auto& labels = samples.at({"netscan_check_ok", number}).labels;
      EXPECT_EQ(labels.at("target"), records[i].target);
      EXPECT_EQ(labels.at("vantage"), records[i].vantage);
    }
  }
}

}  // namespace
}  // namespace netscan
