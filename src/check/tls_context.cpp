#include "tls_context.hpp"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <mutex>
#include <system_error>

#include "netscan/check/check_request.hpp"
#include "netscan/target/status.hpp"

namespace netscan {
namespace {

namespace ssl = boost::asio::ssl;

/// True for a folder in which OpenSSL finds certificates by the hashes of their subjects.
bool has_hashed_certificates(const std::filesystem::path& folder) {
  std::error_code error;
  for (std::filesystem::directory_iterator entry(folder, error), end; !error && entry != end;
       entry.increment(error)) {
    if (entry->path().extension() == ".0") return true;
  }
  return false;
}

/// Debian's file of all certificates takes OpenSSL 3.0 some 30 ms to read; out of the folder it
/// takes those that it needs. So the file is read only where there is no such folder, or somebody
/// wants it.
void trust_the_system(SSL_CTX* context) {
  SSL_CTX_set_default_verify_dir(context);
  const char* const folder = std::getenv(X509_get_default_cert_dir_env());
  const bool wants_file = std::getenv(X509_get_default_cert_file_env()) != nullptr;
  if (wants_file ||
      !has_hashed_certificates(folder == nullptr ? X509_get_default_cert_dir() : folder)) {
    SSL_CTX_set_default_verify_file(context);
  }
}

/// OpenSSL's own words for its last error.
std::string last_words() {
  const unsigned long error = ERR_get_error();
  ERR_clear_error();
  const char* const reason = ERR_reason_error_string(error);
  return reason == nullptr ? "unknown error" : reason;
}

absl::StatusOr<detail::tls_context> make_tls_context(const std::string& ca_file) {
  auto context = std::make_shared<ssl::context>(ssl::context::tls_client);
  SSL_CTX* const native = context->native_handle();
  ERR_clear_error();
  if (ca_file.empty()) {
    trust_the_system(native);
  } else if (SSL_CTX_load_verify_file(native, ca_file.c_str()) != 1) {
    // OpenSSL's words are none when the file is not there, or is empty.
    const std::string words = ::access(ca_file.c_str(), R_OK) != 0
                                  ? std::generic_category().message(errno)
                                  : "no certificate in PEM is in it (" + last_words() + ")";
    return invalid_argument("cannot read certificates from '{}': {}", printable(ca_file), words);
  }
  return context;
}

}  // namespace

absl::StatusOr<detail::tls_context> detail::shared_tls_context(const std::string& ca_file) {
  static std::mutex mutex;
  static std::map<std::string, std::weak_ptr<ssl::context>> in_use;
  const std::lock_guard lock(mutex);
  std::erase_if(in_use, [](const auto& entry) { return entry.second.expired(); });
  if (const auto found = in_use.find(ca_file); found != in_use.end()) {
    if (tls_context context = found->second.lock()) return context;
  }
  absl::StatusOr<tls_context> context = make_tls_context(ca_file);
  if (context.ok()) in_use[ca_file] = *context;
  return context;
}

absl::Status validate_ca_file(const std::string& path) {
  return make_tls_context(path).status();
}

}  // namespace netscan
