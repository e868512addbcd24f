/// Reading X.509 certificates.
#pragma once

#include <openssl/x509.h>

#include "netscan/check/check_record.hpp"

namespace netscan::detail {

/// What there is to say about a certificate. Texts are cut off and names left out as the record
/// says; a time that is not one is the epoch.
certificate_info describe_certificate(const X509& certificate);

/// The problem that an X509_V_ERR_... code stands for (X509_STORE_CTX_get_error(3ssl)).
check_problem problem_of_verify_error(int code) noexcept;

}  // namespace netscan::detail
