#include "tls_identity.hpp"

#include <arpa/inet.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <atomic>
#include <stdexcept>

namespace netscan::testing {
namespace {

using extension_names = std::unique_ptr<GENERAL_NAMES, decltype(&GENERAL_NAMES_free)>;

void require(bool is_done, const char* what) {
  if (!is_done) throw std::runtime_error(what);
}

/// The name's bytes as they are: what an honest authority would not sign.
GENERAL_NAME* dns_name(const std::string& name) {
  GENERAL_NAME* const entry = GENERAL_NAME_new();
  ASN1_IA5STRING* const text = ASN1_IA5STRING_new();
  ASN1_STRING_set(text, name.data(), static_cast<int>(name.size()));
  GENERAL_NAME_set0_value(entry, GEN_DNS, text);
  return entry;
}

GENERAL_NAME* address_name(const std::string& address) {
  unsigned char bytes[16];
  const bool is_v4 = inet_pton(AF_INET, address.c_str(), bytes) == 1;
  require(is_v4 || inet_pton(AF_INET6, address.c_str(), bytes) == 1, "not an address");
  GENERAL_NAME* const entry = GENERAL_NAME_new();
  ASN1_OCTET_STRING* const octets = ASN1_OCTET_STRING_new();
  ASN1_OCTET_STRING_set(octets, bytes, is_v4 ? 4 : 16);
  GENERAL_NAME_set0_value(entry, GEN_IPADD, octets);
  return entry;
}

}  // namespace

tls_identity::tls_identity(const identity_options& options, const tls_identity* issuer) {
  static std::atomic<long> serial{1};
  key_.reset(EVP_EC_gen("P-256"));
  certificate_.reset(X509_new());
  require(key_ && certificate_, "no key");
  X509* const x = certificate_.get();
  X509_set_version(x, X509_VERSION_3);
  ASN1_INTEGER_set(X509_get_serialNumber(x), serial++);
  X509_gmtime_adj(X509_getm_notBefore(x), 86400L * options.not_before);
  X509_gmtime_adj(X509_getm_notAfter(x), 86400L * options.not_after);
  X509_set_pubkey(x, key_.get());
  X509_NAME* const name = X509_get_subject_name(x);
  X509_NAME_add_entry_by_NID(name, NID_commonName, V_ASN1_UTF8STRING,
                             reinterpret_cast<const unsigned char*>(options.common_name.data()),
                             static_cast<int>(options.common_name.size()), -1, 0);
  X509_set_issuer_name(x, issuer == nullptr ? name : X509_get_subject_name(issuer->certificate()));

  const extension_names names(GENERAL_NAMES_new(), &GENERAL_NAMES_free);
  for (const std::string& text : options.dns_names) {
    sk_GENERAL_NAME_push(names.get(), dns_name(text));
  }
  for (const std::string& text : options.addresses) {
    sk_GENERAL_NAME_push(names.get(), address_name(text));
  }
  if (sk_GENERAL_NAME_num(names.get()) != 0) {
    require(X509_add1_ext_i2d(x, NID_subject_alt_name, names.get(), 0, 0) == 1, "no names");
  }
  if (options.is_authority) {
    const std::unique_ptr<BASIC_CONSTRAINTS, decltype(&BASIC_CONSTRAINTS_free)> constraints(
        BASIC_CONSTRAINTS_new(), &BASIC_CONSTRAINTS_free);
    constraints->ca = 0xff;
    require(X509_add1_ext_i2d(x, NID_basic_constraints, constraints.get(), 1, 0) == 1, "no CA");
  }
  EVP_PKEY* const signer = issuer == nullptr ? key_.get() : issuer->key();
  require(X509_sign(x, signer, EVP_sha256()) > 0, "not signed");
}

std::string tls_identity::pem() const {
  const std::unique_ptr<BIO, decltype(&BIO_free_all)> out(BIO_new(BIO_s_mem()), &BIO_free_all);
  PEM_write_bio_X509(out.get(), certificate_.get());
  char* data = nullptr;
  const long size = BIO_get_mem_data(out.get(), &data);
  return {data, static_cast<std::size_t>(size)};
}

}  // namespace netscan::testing
