#include "scripted_server.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <openssl/err.h>
#include <poll.h>
#include <sys/socket.h>

#include <cerrno>
#include <csignal>
#include <stdexcept>

#include "netscan/target/ip_address.hpp"
#include "scan/socket_address.hpp"

namespace netscan::testing {

bool server_connection::start_tls(const tls_identity& identity) {
  context_.reset(SSL_CTX_new(TLS_server_method()));
  SSL_CTX_use_certificate(context_.get(), identity.certificate());
  SSL_CTX_use_PrivateKey(context_.get(), identity.key());
  SSL_CTX_set_alpn_select_cb(
      context_.get(),
      [](SSL*, const unsigned char** out, unsigned char* size, const unsigned char* in,
         unsigned in_size, void*) {
        // The client's first offer.
        if (in_size < 2) return SSL_TLSEXT_ERR_NOACK;
        *out = in + 1;
        *size = in[0];
        return SSL_TLSEXT_ERR_OK;
      },
      nullptr);
  tls_.reset(SSL_new(context_.get()));
  SSL_set_fd(tls_.get(), fd_.get());
  const bool is_done = SSL_accept(tls_.get()) == 1;
  ERR_clear_error();
  return is_done;
}

bool server_connection::send(std::string_view bytes) {
  if (tls_) {
    const int written = SSL_write(tls_.get(), bytes.data(), static_cast<int>(bytes.size()));
    ERR_clear_error();
    return written > 0;
  }
  while (!bytes.empty()) {
    const ssize_t count = ::send(fd_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
  return true;
}

std::ptrdiff_t server_connection::receive(char* space, std::size_t size) {
  if (!tls_) return ::recv(fd_.get(), space, size, 0);
  const int count = SSL_read(tls_.get(), space, static_cast<int>(size));
  ERR_clear_error();
  return count;
}

std::string server_connection::read_request() {
  std::string request;
  while (request.find("\r\n\r\n") == request.npos) {
    char piece[4096];
    const std::ptrdiff_t count = receive(piece, sizeof piece);
    if (count <= 0) break;
    request.append(piece, static_cast<std::size_t>(count));
  }
  return request;
}

std::uint64_t server_connection::send_forever(std::string_view bytes, std::uint64_t most) {
  std::uint64_t sent = 0;
  while (sent < most && send(bytes)) sent += bytes.size();
  return sent;
}

void server_connection::stall() {
  pollfd wait{fd_.get(), POLLRDHUP, 0};
  ::poll(&wait, 1, -1);
}

void server_connection::end_tls() {
  SSL_shutdown(tls_.get());
  ERR_clear_error();
}

void server_connection::reset() {
  const linger hard{1, 0};
  ::setsockopt(fd_.get(), SOL_SOCKET, SO_LINGER, &hard, sizeof hard);
  fd_ = file_descriptor();
}

scripted_server::scripted_server(script script, const std::string& address)
    : script_(std::move(script)) {
  detail::socket_address at({parse_ip_address(address).value(), 0});
  listener_ = file_descriptor(::socket(at.data()->sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0));
  socklen_t size = detail::socket_address::capacity();
  if (::bind(listener_.get(), at.data(), at.size()) != 0 || ::listen(listener_.get(), 64) != 0 ||
      ::getsockname(listener_.get(), at.data(), &size) != 0) {
    throw std::runtime_error("cannot listen");
  }
  port_ = at.port();
  acceptor_ = std::jthread([this] { accept_clients(); });
}

scripted_server::~scripted_server() {
  ::shutdown(listener_.get(), SHUT_RDWR);
  acceptor_.join();
  {
    const std::lock_guard lock(mutex_);
    for (const int fd : connections_) ::shutdown(fd, SHUT_RDWR);
  }
  threads_.clear();
}

void scripted_server::accept_clients() {
  for (;;) {
    file_descriptor fd(::accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC));
    if (!fd) return;
    ++clients_;
    threads_.emplace_back([this, fd = std::move(fd)]() mutable { serve(std::move(fd)); });
  }
}

void scripted_server::serve(file_descriptor fd) {
  // OpenSSL writes with write(2). Here only: what is tested must do without.
  sigset_t pipe;
  sigemptyset(&pipe);
  sigaddset(&pipe, SIGPIPE);
  ::pthread_sigmask(SIG_BLOCK, &pipe, nullptr);
  std::list<int>::iterator entry;
  {
    const std::lock_guard lock(mutex_);
    entry = connections_.insert(connections_.end(), fd.get());
  }
  server_connection connection(std::move(fd));
  script_(connection);
  const std::lock_guard lock(mutex_);
  connections_.erase(entry);
}

scripted_server::script answer_with(std::string response) {
  return [response = std::move(response)](server_connection& client) {
    client.read_request();
    client.send(response);
  };
}

scripted_server::script answer_over_tls(const tls_identity& identity, std::string response) {
  return [&identity, response = std::move(response)](server_connection& client) {
    if (!client.start_tls(identity)) return;
    client.read_request();
    client.send(response);
    client.end_tls();
  };
}

std::string http_response(std::string_view body, std::string_view fields, std::string_view status) {
  return fmt::format("HTTP/1.1 {}\r\nContent-Type: text/html\r\nContent-Length: {}\r\n{}\r\n{}",
                     status, body.size(), fields, body);
}

}  // namespace netscan::testing
