#include <expat.h>
#include <fmt/format.h>

#include <exception>
#include <new>

#include "nmap_document.hpp"
#include "readers.hpp"

namespace netscan::detail {
namespace {

constexpr std::size_t deepest_elements = 64;
// expat holds a tag or an instruction until it has the whole of it, and then looks at it again.
constexpr XML_Index longest_tag = 16 << 20;
// expat counts in int.
constexpr std::size_t bytes_at_once = 1U << 20;

/// Hands the elements of an XML document to nmap_document, in bounded memory: no text is kept, no
/// entity is ever declared, and so none can grow; nesting and tags have limits.
class xml_reader final : public format_reader {
 public:
  explicit xml_reader(results_builder& results)
      : results_(results), document_(results), parser_(XML_ParserCreate(nullptr)) {
    if (parser_ == nullptr) throw std::bad_alloc();
    XML_SetUserData(parser_, this);
    XML_SetElementHandler(parser_, &on_begin, &on_end);
    XML_SetProcessingInstructionHandler(parser_, &on_instruction);
    XML_SetStartDoctypeDeclHandler(parser_, &on_doctype);
    XML_SetEntityDeclHandler(parser_, &on_entity);
  }
  ~xml_reader() override { XML_ParserFree(parser_); }
  xml_reader(const xml_reader&) = delete;
  xml_reader& operator=(const xml_reader&) = delete;

  absl::Status take(std::string_view& text) override {
    while (!text.empty()) {
      const std::string_view piece = text.substr(0, bytes_at_once);
      if (absl::Status status = parse(piece); !status.ok()) return status;
      text.remove_prefix(piece.size());
    }
    return absl::OkStatus();
  }

  absl::Status take_last(std::string_view text) override {
    if (absl::Status status = take(text); !status.ok()) return status;
    if (XML_Parse(parser_, "", 0, XML_TRUE) != XML_STATUS_OK) {
      if (!problem_.empty() || !is_cut_off()) return error();
      results_.note_cut_off(XML_GetCurrentLineNumber(parser_));
    }
    document_.finish();
    return absl::OkStatus();
  }

 private:
  absl::Status parse(std::string_view piece) {
    const XML_Status status =
        XML_Parse(parser_, piece.data(), static_cast<int>(piece.size()), XML_FALSE);
    if (status != XML_STATUS_OK) return error();
    given_ += static_cast<XML_Index>(piece.size());
    const XML_Index done = XML_GetCurrentByteIndex(parser_);  // -1 when it is not known
    if (done >= 0 && given_ - done > longest_tag) {
      problem_ = "a tag longer than any that has results";
      return error();
    }
    return absl::OkStatus();
  }

  /// At the end of the file: it ended within the document, which is right up to there.
  bool is_cut_off() const {
    switch (XML_GetErrorCode(parser_)) {
      case XML_ERROR_NO_ELEMENTS:
      case XML_ERROR_UNCLOSED_TOKEN:
      case XML_ERROR_PARTIAL_CHAR:
        return true;
      default:
        return false;
    }
  }

  absl::Status error() const {
    return invalid_argument(
        "{}:{}: {}", results_.name(), XML_GetCurrentLineNumber(parser_),
        problem_.empty()
            ? fmt::format("not well-formed XML: {}", XML_ErrorString(XML_GetErrorCode(parser_)))
            : problem_);
  }

  /// Does what a handler has to do. No exception may leave it, for expat is C.
  template <typename Action>
  void handle(Action action) noexcept {
    if (!problem_.empty()) return;
    try {
      problem_ = action();
    } catch (const std::exception& exception) {
      problem_ = exception.what();
    }
    if (!problem_.empty()) XML_StopParser(parser_, XML_FALSE);
  }

  static void XMLCALL on_begin(void* self, const XML_Char* name, const XML_Char** attributes) {
    auto& reader = *static_cast<xml_reader*>(self);
    reader.handle([&]() -> std::string {
      if (++reader.depth_ > deepest_elements) return "nested too deep";
      return reader.document_.begin(name, xml_attributes(attributes));
    });
  }

  static void XMLCALL on_end(void* self, const XML_Char* name) {
    auto& reader = *static_cast<xml_reader*>(self);
    reader.handle([&] {
      --reader.depth_;
      return reader.document_.end(name);
    });
  }

  static void XMLCALL on_instruction(void* self, const XML_Char* target, const XML_Char* data) {
    auto& reader = *static_cast<xml_reader*>(self);
    reader.handle([&] { return reader.document_.instruction(target, data); });
  }

  static void XMLCALL on_doctype(void* self, const XML_Char*, const XML_Char*, const XML_Char*,
                                 int has_internal_subset) {
    static_cast<xml_reader*>(self)->handle([&]() -> std::string {
      return has_internal_subset != 0
                 ? "declares entities or elements of its own, which no scanner does"
                 : "";
    });
  }

  static void XMLCALL on_entity(void* self, const XML_Char* name, int, const XML_Char*, int,
                                const XML_Char*, const XML_Char*, const XML_Char*,
                                const XML_Char*) {
    static_cast<xml_reader*>(self)->handle([&] { return fmt::format("declares entity {}", name); });
  }

  results_builder& results_;
  nmap_document document_;
  XML_Parser parser_;
  std::string problem_;
  std::size_t depth_ = 0;
  XML_Index given_ = 0;  // bytes
};

}  // namespace

std::unique_ptr<format_reader> make_xml_reader(results_builder& results) {
  return std::make_unique<xml_reader>(results);
}

}  // namespace netscan::detail
