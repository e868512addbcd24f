#include "tls_handshake.hpp"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <memory>

#include <boost/asio/experimental/as_tuple.hpp>
#include <boost/asio/ssl/error.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "certificate.hpp"
#include "netscan/target/status.hpp"
#include "stream_error.hpp"

namespace netscan::detail {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;

constexpr unsigned char alpn_http_1_1[] = "\x08http/1.1";  // with the length before it

/// Everything that is wrong with a certificate, in the order in which OpenSSL finds it.
struct objections {
  check_problem first = check_problem::none;
  std::string text;

  void add(X509_STORE_CTX* context) {
    const int code = X509_STORE_CTX_get_error(context);
    const check_problem problem = problem_of_verify_error(code);
    // Without an issuer the signature cannot be checked either; that goes without saying.
    if (code == X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE && first != check_problem::none) return;
    if (first == check_problem::none) first = problem;
    std::string words = X509_verify_cert_error_string(code);
    const int depth = X509_STORE_CTX_get_error_depth(context);
    if (depth > 0) words += fmt::format(" (certificate {} of the chain)", depth + 1);
    if (text.find(words) != text.npos || text.size() > longest_remote_text) return;
    text += text.empty() ? words : "; " + words;
  }
};

/// What the server is asked for and must prove to be.
bool set_peer_name(SSL* ssl, const std::string& name) {
  X509_VERIFY_PARAM* const parameters = SSL_get0_param(ssl);
  if (const auto address = parse_ip_address(name); address.ok()) {
    const ip_address bare =
        address->is_v4() ? *address : ip_address::v6(address->high(), address->low());
    return X509_VERIFY_PARAM_set1_ip_asc(parameters, to_string(bare).c_str()) == 1;
  }
  // The dot of the root belongs to DNS, not to the name (RFC 6066 3).
  const std::string bare = name.substr(0, name.size() - (name.ends_with('.') ? 1 : 0));
  return SSL_set_tlsext_host_name(ssl, bare.c_str()) == 1 &&
         X509_VERIFY_PARAM_set1_host(parameters, bare.c_str(), bare.size()) == 1;
}

bool is_not_tls(unsigned long code) {
  switch (ERR_GET_REASON(code)) {
    case SSL_R_WRONG_VERSION_NUMBER:
    case SSL_R_HTTP_REQUEST:
    case SSL_R_HTTPS_PROXY_REQUEST:
    case SSL_R_BAD_RECORD_TYPE:
    case SSL_R_UNKNOWN_PROTOCOL:
      return true;
    default:
      return false;
  }
}

/// What an error of OpenSSL's says about the server.
check_problem problem_of_tls_error(const error_code& error) {
  const auto code = static_cast<unsigned long>(error.value());
  const int library = ERR_GET_LIB(code);
  // It could not even be read.
  if (library == ERR_LIB_ASN1 || library == ERR_LIB_X509) return check_problem::cert_invalid;
  return is_not_tls(code) ? check_problem::not_tls : check_problem::handshake;
}

void describe_failure(const error_code& error, tls_result& result) {
  result.outcome = check_outcome::failed;
  result.problem = problem_of_stream_error(error);
  if (result.problem == check_problem::none) {
    result.problem = problem_of_tls_error(error);
    result.detail = error.message();
  }
  if (result.problem == check_problem::local_error) {
    result.outcome = check_outcome::error;
    result.detail = error.message();
  }
}

void describe_session(SSL* ssl, const objections& objections, tls_result& result) {
  result.version = SSL_get_version(ssl);
  if (const char* const cipher = SSL_get_cipher_name(ssl)) result.cipher = cipher;
  const unsigned char* protocol = nullptr;
  unsigned size = 0;
  SSL_get0_alpn_selected(ssl, &protocol, &size);
  if (size != 0) result.alpn.assign(reinterpret_cast<const char*>(protocol), size);
  if (const X509* const certificate = SSL_get0_peer_certificate(ssl)) {
    result.certificate = describe_certificate(*certificate);
  }
  result.verify_problem = objections.first;
  result.verify_detail = objections.text;
  // A server without any certificate has proved nothing (RFC 8446 has no such cipher; old ones
  // had).
  if (!result.certificate) result.verify_problem = check_problem::cert_invalid;
  result.verified = result.verify_problem == check_problem::none;
}

}  // namespace

asio::awaitable<void> shake_hands(tls_stream& stream, const check_request& request,
                                  tls_result& result) {
  SSL* const ssl = stream.native_handle();
  result.server_name = request.server_name.empty() ? request.host : request.server_name;
  const bool is_ready = set_peer_name(ssl, result.server_name) &&
                        SSL_set_alpn_protos(ssl, alpn_http_1_1, sizeof alpn_http_1_1 - 1) == 0;
  if (!is_ready) {
    result.outcome = check_outcome::error;
    result.problem = check_problem::local_error;
    result.detail = "OpenSSL does not take the server's name";
    co_return;
  }
  const auto found = std::make_shared<objections>();
  stream.set_verify_mode(asio::ssl::verify_peer);
  stream.set_verify_callback([found](bool good, asio::ssl::verify_context& context) {
    if (!good) found->add(context.native_handle());
    return true;
  });
  const auto [error] = co_await stream.async_handshake(
      asio::ssl::stream_base::client, asio::experimental::as_tuple(asio::use_awaitable));
  if (error == asio::error::operation_aborted) co_return;
  if (error) {
    describe_failure(error, result);
    // Evidence all the same: a client certificate may be missing only after the server's has come.
    if (SSL_get0_peer_certificate(ssl) != nullptr) describe_session(ssl, *found, result);
    co_return;
  }
  describe_session(ssl, *found, result);
  const bool goes_on = result.verified || request.insecure;
  result.outcome = goes_on ? check_outcome::ok : check_outcome::failed;
  result.problem = goes_on ? check_problem::none : result.verify_problem;
}

}  // namespace netscan::detail
