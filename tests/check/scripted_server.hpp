// A server that does to each client what a script says: real sockets, real TLS, bad manners.
#pragma once

#include <openssl/ssl.h>

#include <atomic>
#include <cstdint>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>

#include "file_descriptor.hpp"
#include "tls_identity.hpp"

namespace netscan::testing {

/// The server's side of one connection.
class server_connection {
 public:
  explicit server_connection(file_descriptor fd) : fd_(std::move(fd)) {}

  /// Shakes hands; from then on all goes through TLS. False when the client did not.
  bool start_tls(const tls_identity& identity);
  /// False once the client is gone.
  bool send(std::string_view bytes);
  /// Reads until there is an empty line, or the client is gone.
  std::string read_request();
  /// Sends `bytes` again and again until the client is gone, or `most` bytes are sent. Returns how
  /// many were.
  std::uint64_t send_forever(std::string_view bytes, std::uint64_t most);
  /// Does nothing until the client is gone.
  void stall();
  /// Says that TLS ends here, as a good server does.
  void end_tls();
  /// Ends the connection with a RST instead of a FIN.
  void reset();

  int fd() const noexcept { return fd_.get(); }

 private:
  std::ptrdiff_t receive(char* space, std::size_t size);

  file_descriptor fd_;
  std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> context_{nullptr, &SSL_CTX_free};
  std::unique_ptr<SSL, decltype(&SSL_free)> tls_{nullptr, &SSL_free};
};

class scripted_server {
 public:
  using script = std::function<void(server_connection&)>;

  /// Listens on `address`, on a free port. The script runs in a thread of its own for each client;
  /// at its end the connection is closed.
  explicit scripted_server(script script, const std::string& address = "127.0.0.1");
  scripted_server(const scripted_server&) = delete;
  scripted_server& operator=(const scripted_server&) = delete;
  /// Drops all connections that there still are.
  ~scripted_server();

  std::uint16_t port() const noexcept { return port_; }
  /// Clients so far.
  int clients() const noexcept { return clients_; }

 private:
  void accept_clients();
  void serve(file_descriptor fd);

  script script_;
  file_descriptor listener_;
  std::uint16_t port_ = 0;
  std::atomic<int> clients_{0};
  std::mutex mutex_;
  std::list<int> connections_;
  std::list<std::jthread> threads_;
  std::jthread acceptor_;
};

/// A script that answers each request with these bytes and closes.
scripted_server::script answer_with(std::string response);
/// The same behind TLS. The identity must outlive the server.
scripted_server::script answer_over_tls(const tls_identity& identity, std::string response);
/// An HTTP response with this body, of known length.
std::string http_response(std::string_view body, std::string_view fields = "",
                          std::string_view status = "200 OK");

}  // namespace netscan::testing
