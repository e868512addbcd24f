// Certificates with keys, made for a test.
#pragma once

#include <openssl/ssl.h>

#include <memory>
#include <string>
#include <vector>

namespace netscan::testing {

struct identity_options {
  std::string common_name = "server.test";
  std::vector<std::string> dns_names = {"server.test"};
  std::vector<std::string> addresses = {};
  /// In days from now.
  int not_before = -1;
  int not_after = 30;
  bool is_authority = false;
};

/// A certificate with its private key.
class tls_identity {
 public:
  /// Signed by `issuer`, or by itself. Throws std::runtime_error.
  explicit tls_identity(const identity_options& options, const tls_identity* issuer = nullptr);

  /// The certificate in PEM.
  std::string pem() const;
  X509* certificate() const noexcept { return certificate_.get(); }
  EVP_PKEY* key() const noexcept { return key_.get(); }

 private:
  std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key_{nullptr, &EVP_PKEY_free};
  std::unique_ptr<X509, decltype(&X509_free)> certificate_{nullptr, &X509_free};
};

}  // namespace netscan::testing
