#include "certificate.hpp"

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/x509v3.h>

#include <array>
#include <ctime>
#include <memory>
#include <string>

#include "remote_text.hpp"

namespace netscan::detail {
namespace {

using bio_ptr = std::unique_ptr<BIO, decltype(&BIO_free_all)>;
using general_names_ptr = std::unique_ptr<GENERAL_NAMES, decltype(&GENERAL_NAMES_free)>;

/// RFC 2253, with characters above 127 as they are: they are UTF-8, and people read them.
std::string name_text(const X509_NAME* name) {
  const bio_ptr out(BIO_new(BIO_s_mem()), &BIO_free_all);
  constexpr unsigned long flags =
      XN_FLAG_RFC2253 & ~static_cast<unsigned long>(ASN1_STRFLGS_ESC_MSB);
  if (!out || name == nullptr || X509_NAME_print_ex(out.get(), name, 0, flags) < 0) return {};
  char* data = nullptr;
  const long size = BIO_get_mem_data(out.get(), &data);
  return size <= 0 ? std::string() : cut_remote_text({data, static_cast<std::size_t>(size)});
}

std::string bytes_of(const ASN1_STRING* text) {
  const auto* const data = reinterpret_cast<const char*>(ASN1_STRING_get0_data(text));
  return cut_remote_text({data, static_cast<std::size_t>(ASN1_STRING_length(text))});
}

/// An address as the bytes of a subjectAltName (RFC 5280 4.2.1.6); empty for another length.
std::string address_text(const ASN1_OCTET_STRING* octets) {
  const std::uint8_t* const bytes = ASN1_STRING_get0_data(octets);
  const auto number = [&](int first, int count) {
    std::uint64_t value = 0;
    for (int i = 0; i < count; ++i) value = value << 8 | bytes[first + i];
    return value;
  };
  switch (ASN1_STRING_length(octets)) {
    case 4:
      return to_string(ip_address::v4(static_cast<std::uint32_t>(number(0, 4))));
    case 16:
      return to_string(ip_address::v6(number(0, 8), number(8, 8)));
    default:
      return {};
  }
}

std::vector<std::string> alternative_names(const X509& certificate) {
  std::vector<std::string> names;
  const general_names_ptr list(static_cast<GENERAL_NAMES*>(X509_get_ext_d2i(
                                   &certificate, NID_subject_alt_name, nullptr, nullptr)),
                               &GENERAL_NAMES_free);
  if (!list) return names;
  for (int i = 0; i < sk_GENERAL_NAME_num(list.get()); ++i) {
    if (names.size() == most_certificate_names) break;
    const GENERAL_NAME* const name = sk_GENERAL_NAME_value(list.get(), i);
    if (name->type == GEN_DNS) names.push_back(bytes_of(name->d.dNSName));
    if (name->type == GEN_IPADD) {
      if (std::string text = address_text(name->d.iPAddress); !text.empty()) {
        names.push_back(std::move(text));
      }
    }
  }
  return names;
}

timestamp time_of(const ASN1_TIME* time) {
  std::tm parts{};
  if (time == nullptr || ASN1_TIME_to_tm(time, &parts) != 1) return {};
  return timestamp(std::chrono::seconds(::timegm(&parts)));
}

std::string fingerprint(const X509& certificate) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  if (X509_digest(&certificate, EVP_sha256(), digest.data(), &size) != 1) return {};
  constexpr std::string_view hex = "0123456789abcdef";
  std::string text;
  for (unsigned i = 0; i < size; ++i) {
    text += hex[digest[i] >> 4];
    text += hex[digest[i] & 0xf];
  }
  return text;
}

}  // namespace

certificate_info describe_certificate(const X509& certificate) {
  certificate_info info;
  info.subject = name_text(X509_get_subject_name(&certificate));
  info.issuer = name_text(X509_get_issuer_name(&certificate));
  info.names = alternative_names(certificate);
  info.not_before = time_of(X509_get0_notBefore(&certificate));
  info.not_after = time_of(X509_get0_notAfter(&certificate));
  info.sha256 = fingerprint(certificate);
  return info;
}

check_problem problem_of_verify_error(int code) noexcept {
  switch (code) {
    case X509_V_OK:
      return check_problem::none;
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
    case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
      return check_problem::cert_self_signed;
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
    case X509_V_ERR_CERT_UNTRUSTED:
      return check_problem::cert_untrusted;
    case X509_V_ERR_CERT_HAS_EXPIRED:
      return check_problem::cert_expired;
    case X509_V_ERR_CERT_NOT_YET_VALID:
      return check_problem::cert_not_yet_valid;
    case X509_V_ERR_HOSTNAME_MISMATCH:
    case X509_V_ERR_IP_ADDRESS_MISMATCH:
      return check_problem::cert_name_mismatch;
    default:
      return check_problem::cert_invalid;
  }
}

}  // namespace netscan::detail
