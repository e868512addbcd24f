#include "netscan/report/check_writer.hpp"

#include "netscan/report/check_json.hpp"
#include "output.hpp"

namespace netscan {
namespace {

using boost::system::error_code;
using detail::output;

class ndjson_check_writer final : public check_writer {
 public:
  explicit ndjson_check_writer(int fd) : output_(fd) {}

  error_code add(const check_record& record) override {
    return output_.write(check_json(record) + '\n');
  }
  error_code end() override { return output_.error(); }

 private:
  output output_;
};

/// An array, a line a record.
class json_check_writer final : public check_writer {
 public:
  explicit json_check_writer(int fd) : output_(fd) {}

  error_code add(const check_record& record) override {
    const std::string text = (is_first_ ? "[\n" : ",\n") + check_json(record);
    is_first_ = false;
    return output_.write(text);
  }
  error_code end() override { return output_.write(is_first_ ? "[]\n" : "\n]\n"); }

 private:
  output output_;
  bool is_first_ = true;
};

class text_check_writer final : public check_writer {
 public:
  text_check_writer(int fd, const check_text_options& options) : output_(fd), options_(options) {}

  error_code add(const check_record& record) override {
    return output_.write(check_text(record, options_));
  }
  error_code end() override { return output_.error(); }

 private:
  output output_;
  check_text_options options_;
};

}  // namespace

std::optional<check_format> parse_check_format(std::string_view text) noexcept {
  if (text == "text") return check_format::text;
  if (text == "json") return check_format::json;
  if (text == "ndjson") return check_format::ndjson;
  return std::nullopt;
}

std::optional<check_format> check_format_of(std::string_view file_name) noexcept {
  if (file_name.ends_with(".txt")) return check_format::text;
  if (file_name.ends_with(".json")) return check_format::json;
  if (file_name.ends_with(".ndjson")) return check_format::ndjson;
  return std::nullopt;
}

std::unique_ptr<check_writer> make_check_writer(check_format format, int fd,
                                                const check_text_options& options) {
  switch (format) {
    case check_format::json:
      return std::make_unique<json_check_writer>(fd);
    case check_format::ndjson:
      return std::make_unique<ndjson_check_writer>(fd);
    case check_format::text:
      break;
  }
  return std::make_unique<text_check_writer>(fd, options);
}

}  // namespace netscan
