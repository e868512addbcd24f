// Servers that do what they like. Every check here ends by itself, whatever the server does; each
// names the layer that failed, and takes only so much of what it is sent.
#include <gtest/gtest.h>

#include <atomic>
#include <latch>

#include "check_support.hpp"
#include "scripted_server.hpp"

namespace netscan {
namespace {

using namespace std::chrono_literals;
using testing::answer_over_tls;
using testing::answer_with;
using testing::http_response;
using testing::request_for;
using testing::run_check;
using testing::scripted_server;
using testing::server_connection;
using testing::tls_identity;
using testing::verdict_of;

// What a server gets rid of before it sees that nobody reads: the socket buffers of both sides.
constexpr std::uint64_t room_in_buffers = 16U << 20;
constexpr std::uint64_t flood = 64U << 20;

const tls_identity& identity() {
  static const tls_identity one({});
  return one;
}

/// A check of this server that gives up soon: what is waited for here never comes.
check_request impatient(std::string_view scheme, const scripted_server& server) {
  check_request request = request_for(fmt::format("{}://127.0.0.1:{}", scheme, server.port()));
  request.timeout = 500ms;
  request.insecure = true;
  return request;
}

/// A check that has all the time it needs: what it waits for comes.
check_request patient(std::string_view scheme, const scripted_server& server) {
  check_request request = impatient(scheme, server);
  request.timeout = 60s;
  return request;
}

std::string http_verdict(const scripted_server::script& script) {
  const scripted_server server(script);
  return verdict_of(run_check(patient("http", server)));
}

// --- servers that stall

TEST(hostile_server, stalls_after_the_connection) {
  const scripted_server server([](server_connection& client) { client.stall(); });
  EXPECT_EQ(verdict_of(run_check(impatient("http", server))), "http timeout");
  EXPECT_EQ(verdict_of(run_check(impatient("https", server))), "tls timeout");
  EXPECT_EQ(verdict_of(run_check(impatient("tls", server))), "tls timeout");
  EXPECT_EQ(verdict_of(run_check(impatient("tcp", server))), "ok");
}

TEST(hostile_server, stalls_in_the_tls_handshake) {
  const scripted_server server([](server_connection& client) {
    client.send(std::string("\x16\x03\x03\x00\x7a\x02\x00\x00\x76\x03\x03", 11));  // ServerHello
    client.stall();
  });
  const check_record record = run_check(impatient("https", server));
  EXPECT_EQ(verdict_of(record), "tls timeout");
  EXPECT_FALSE(record.last().http.has_value());
}

TEST(hostile_server, stalls_after_the_tls_handshake) {
  const scripted_server server([](server_connection& client) {
    if (client.start_tls(identity())) client.stall();
  });
  const check_record record = run_check(impatient("https", server));
  EXPECT_EQ(verdict_of(record), "http timeout");
  EXPECT_EQ(record.last().tls->outcome, check_outcome::ok);
}

TEST(hostile_server, stalls_in_the_header) {
  const scripted_server server([](server_connection& client) {
    client.read_request();
    client.send("HTTP/1.1 200 OK\r\nServer: x\r\nX-");
    client.stall();
  });
  const check_record record = run_check(impatient("http", server));
  EXPECT_EQ(verdict_of(record), "http timeout");
  EXPECT_TRUE(record.last().http->first_byte_us.has_value());
}

TEST(hostile_server, stalls_in_the_body) {
  const scripted_server server([](server_connection& client) {
    client.read_request();
    client.send("HTTP/1.1 200 OK\r\nContent-Length: 1000000000000\r\n\r\n0123456789");
    client.stall();
  });
  const check_record record = run_check(impatient("http", server));
  EXPECT_EQ(verdict_of(record), "http timeout");
  EXPECT_EQ(record.last().http->status, 200);
  EXPECT_EQ(record.last().http->body_bytes, 10);
}

// Each byte is an answer of a kind; none may start the time anew.
TEST(hostile_server, drips) {
  const auto drip = [](server_connection& client, std::string_view byte) {
    while (client.send(byte)) std::this_thread::sleep_for(5ms);
  };
  const scripted_server header([&](server_connection& client) {
    client.read_request();
    client.send("HTTP/1.1 200 OK\r\nX: ");
    drip(client, "x");
  });
  EXPECT_EQ(verdict_of(run_check(impatient("http", header))), "http timeout");
  const scripted_server handshake([&](server_connection& client) {
    client.send(std::string("\x16\x03\x03\x3f\xff\x02\x00\x3f\xfb\x03\x03", 11));
    drip(client, "x");
  });
  EXPECT_EQ(verdict_of(run_check(impatient("https", handshake))), "tls timeout");
  const scripted_server body([&](server_connection& client) {
    client.read_request();
    client.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
    drip(client, "1\r\nx\r\n");
  });
  EXPECT_EQ(verdict_of(run_check(impatient("http", body))), "http timeout");
}

// --- servers that do not stop

TEST(hostile_server, sends_a_header_without_end) {
  for (const std::string_view piece : {"X-Padding: 0123456789abcdef\r\n", "0123456789abcdef"}) {
    std::atomic<std::uint64_t> sent{0};
    {
      const scripted_server server([&](server_connection& client) {
        client.read_request();
        client.send("HTTP/1.1 200 OK\r\nX: ");
        sent = client.send_forever(piece, flood);
      });
      EXPECT_EQ(verdict_of(run_check(patient("http", server))), "http header-too-large");
    }
    EXPECT_LT(sent, room_in_buffers) << piece;
  }
}

TEST(hostile_server, sends_a_status_line_without_end) {
  std::atomic<std::uint64_t> sent{0};
  {
    const scripted_server server([&](server_connection& client) {
      client.read_request();
      client.send("HTTP/1.1 200 ");
      sent = client.send_forever("OKOKOKOKOKOKOKOK", flood);
    });
    EXPECT_EQ(verdict_of(run_check(patient("http", server))), "http header-too-large");
  }
  EXPECT_LT(sent, room_in_buffers);
}

TEST(hostile_server, sends_interim_answers_without_end) {
  EXPECT_EQ(http_verdict([](server_connection& client) {
              client.read_request();
              client.send_forever("HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n", flood);
            }),
            "http not-http");
}

TEST(hostile_server, sends_a_body_without_end) {
  std::atomic<std::uint64_t> sent{0};
  const std::string chunk = "4000\r\n" + std::string(0x4000, 'x') + "\r\n";
  {
    const scripted_server server([&](server_connection& client) {
      client.read_request();
      client.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
      sent = client.send_forever(chunk, flood);
    });
    const check_record record = run_check(patient("http", server));
    EXPECT_EQ(verdict_of(record), "ok");
    EXPECT_EQ(record.last().http->body_bytes, 1U << 20);
    EXPECT_TRUE(record.last().http->body_cut);
  }
  EXPECT_LT(sent, room_in_buffers);
}

TEST(hostile_server, sends_chunk_extensions_without_end) {
  std::atomic<std::uint64_t> sent{0};
  {
    const scripted_server server([&](server_connection& client) {
      client.read_request();
      client.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5;x=");
      sent = client.send_forever("0123456789abcdef", flood);
    });
    EXPECT_EQ(run_check(patient("http", server)).layer, check_layer::http);
  }
  EXPECT_LT(sent, room_in_buffers);
}

TEST(hostile_server, sends_a_trailer_without_end) {
  std::atomic<std::uint64_t> sent{0};
  {
    const scripted_server server([&](server_connection& client) {
      client.read_request();
      client.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n");
      sent = client.send_forever("X-Padding: 0123456789abcdef\r\n", flood);
    });
    EXPECT_EQ(run_check(patient("http", server)).layer, check_layer::http);
  }
  EXPECT_LT(sent, room_in_buffers);
}

TEST(hostile_server, floods_the_tls_handshake) {
  std::atomic<std::uint64_t> sent{0};
  {
    // Empty handshake records, which say nothing and may come in any number.
    const scripted_server server([&](server_connection& client) {
      sent = client.send_forever(std::string("\x16\x03\x03\x00\x00", 5), flood);
    });
    EXPECT_EQ(run_check(patient("https", server)).layer, check_layer::tls);
  }
  EXPECT_LT(sent, room_in_buffers);
}

// --- servers that speak something else

TEST(hostile_server, speaks_garbage) {
  std::string garbage(10'000, '\0');
  for (std::size_t i = 0; i < garbage.size(); ++i) garbage[i] = static_cast<char>(i * i * 31 + 7);
  const scripted_server server([&](server_connection& client) {
    client.send(garbage);
    client.stall();
  });
  EXPECT_EQ(verdict_of(run_check(patient("http", server))), "http not-http");
  EXPECT_EQ(verdict_of(run_check(patient("https", server))), "tls not-tls");
}

TEST(hostile_server, speaks_http_where_tls_is_expected) {
  const scripted_server server([](server_connection& client) {
    client.send("HTTP/1.1 400 Bad Request\r\n\r\n");
    client.stall();
  });
  EXPECT_EQ(verdict_of(run_check(patient("https", server))), "tls not-tls");
}

TEST(hostile_server, speaks_tls_where_http_is_expected) {
  EXPECT_EQ(http_verdict([](server_connection& client) {
              client.read_request();
              client.send(std::string("\x15\x03\x03\x00\x02\x02\x46", 7));  // an alert
              client.stall();
            }),
            "http not-http");
}

TEST(hostile_server, speaks_http_of_another_kind) {
  const std::string_view answers[] = {"<html>",
                                      "HTTP/2.0 200 OK\r\n\r\n",
                                      "HTTP/1.1 abc OK\r\n\r\n",
                                      "HTTP/1.1 20 OK\r\n\r\n",
                                      "ICY 200 OK\r\n\r\n",
                                      "\r\n\r\n\r\n",
                                      "SSH-2.0-OpenSSH_9.2\r\n"};
  for (const std::string_view answer : answers) {
    EXPECT_EQ(http_verdict([&](server_connection& client) {
                client.read_request();
                client.send(answer);
              }),
              "http not-http")
        << answer;
  }
}

TEST(hostile_server, contradicts_itself_about_the_body) {
  const std::string_view fields[] = {
      "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", "Content-Length: x\r\n",
      "Content-Length: 5\r\nContent-Length: 6\r\n", "Content-Length: 99999999999999999999999\r\n"};
  for (const std::string_view field : fields) {
    EXPECT_EQ(http_verdict([&](server_connection& client) {
                client.read_request();
                client.send(fmt::format("HTTP/1.1 200 OK\r\n{}\r\nhello", field));
              }),
              "http not-http")
        << field;
  }
}

// --- servers that go away

TEST(hostile_server, closes_early) {
  EXPECT_EQ(http_verdict([](server_connection&) {}).substr(0, 5), "http ");
  const std::string_view cut_off[] = {
      "", "HTTP/1.1 2", "HTTP/1.1 200 OK\r\nServer: x\r\n",
      "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhello",
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n10\r\nhello"};
  for (const std::string_view part : cut_off) {
    EXPECT_EQ(http_verdict([&](server_connection& client) {
                client.read_request();
                client.send(part);
              }),
              "http closed")
        << part;
  }
}

TEST(hostile_server, closes_in_the_tls_handshake) {
  const scripted_server server([](server_connection& client) {
    char hello[16];
    EXPECT_GT(::recv(client.fd(), hello, sizeof hello, MSG_PEEK), 0);
    ::shutdown(client.fd(), SHUT_WR);
    client.stall();
  });
  EXPECT_EQ(verdict_of(run_check(patient("https", server))), "tls closed");
}

TEST(hostile_server, resets_the_connection) {
  const auto after = [](std::string_view part) {
    return [part](server_connection& client) {
      client.read_request();
      if (!part.empty()) client.send(part);
      client.reset();
    };
  };
  EXPECT_EQ(http_verdict(after("")), "http reset");
  // What was sent before the RST may be lost with it.
  EXPECT_EQ(http_verdict(after("HTTP/1.1 200 OK\r\n")), "http reset");
  const scripted_server at_once([](server_connection& client) { client.reset(); });
  EXPECT_EQ(verdict_of(run_check(patient("tls", at_once))), "tls reset");
  EXPECT_EQ(verdict_of(run_check(patient("http", at_once))), "http reset");
  const scripted_server over_tls([](server_connection& client) {
    if (!client.start_tls(identity())) return;
    client.read_request();
    client.reset();
  });
  EXPECT_EQ(verdict_of(run_check(patient("https", over_tls))), "http reset");
}

TEST(hostile_server, ends_tls_without_a_word) {
  const scripted_server server([](server_connection& client) {
    if (!client.start_tls(identity())) return;
    client.read_request();
    client.send("HTTP/1.1 200 OK\r\n\r\n<title>whole</title>");
  });
  const check_record record = run_check(patient("https", server));
  EXPECT_EQ(verdict_of(record), "ok");
  EXPECT_EQ(record.last().http->title, "whole");
}

// --- servers that aim at the terminal

TEST(hostile_server, sends_control_characters) {
  const std::string evil = "\x1b]0;owned\x07\x1b[2J\xc2\x9b\x7f";
  const tls_identity named({.common_name = "cn" + evil, .dns_names = {"san" + evil + "\xff"}});
  const scripted_server server(
      answer_over_tls(named, fmt::format("HTTP/1.1 200 Fine\xc2\x9b\r\nServer: s\xc2\x9b\xff\r\n"
                                         "Content-Length: {}\r\n\r\n<title>t{}</title>",
                                         16 + evil.size(), evil)));
  const check_record record = run_check(patient("https", server));
  ASSERT_EQ(verdict_of(record), "ok") << record.summary;
  // Kept whole, but for the subject, which OpenSSL writes with escapes of its own.
  EXPECT_EQ(record.last().http->title, "t" + evil);
  EXPECT_EQ(record.last().http->server, "s\xc2\x9b\xff");
  EXPECT_EQ(record.last().tls->certificate->names, std::vector<std::string>{"san" + evil + "\xff"});
  EXPECT_EQ(record.last().tls->certificate->subject.substr(0, 5), "CN=cn");
}

TEST(hostile_server, has_a_certificate_that_cannot_be_read) {
  const tls_identity named({.common_name = "cn\xff", .dns_names = {"x"}});
  const scripted_server server(answer_over_tls(named, http_response("")));
  EXPECT_EQ(verdict_of(run_check(patient("https", server))), "tls cert-invalid");
}

TEST(hostile_server, sends_control_characters_where_http_has_none) {
  EXPECT_EQ(http_verdict(answer_with("HTTP/1.1 200 OK\r\nServer: \x1b[31m\r\n\r\n")),
            "http not-http");
}

TEST(hostile_server, sends_a_name_that_is_longer_than_any) {
  const tls_identity named(
      {.common_name = "x", .dns_names = std::vector<std::string>(300, std::string(200, 'a'))});
  const scripted_server server(
      answer_over_tls(named, http_response("<title>" + std::string(100'000, 'x') + "</title>")));
  const check_record record = run_check(patient("https", server));
  EXPECT_EQ(verdict_of(record), "ok");
  EXPECT_EQ(record.last().http->title.size(), longest_remote_text);
  EXPECT_EQ(record.last().tls->certificate->names.size(), most_certificate_names);
}

// --- servers that lead around

TEST(hostile_server, redirects_in_circles) {
  const scripted_server server(answer_with(http_response("", "Location: /again\r\n", "302 Found")));
  check_request request = patient("http", server);
  request.follow_redirects = true;
  const check_record record = run_check(request);
  EXPECT_EQ(verdict_of(record), "http redirect-limit") << record.summary;
  EXPECT_EQ(record.steps.size(), 11U);
  EXPECT_EQ(server.clients(), 11);
}

TEST(hostile_server, redirects_to_what_is_no_place) {
  const std::string_view places[] = {"javascript:alert(1)",
                                     "file:///etc/passwd",
                                     "http://",
                                     "http://[::1",
                                     "http://0.0.0.0/",
                                     "http://a b/",
                                     "http://user:password@127.0.0.1/",
                                     "//127.0.0.1:99999/",
                                     "tcp://127.0.0.1:1"};
  for (const std::string_view place : places) {
    const scripted_server server(
        answer_with(http_response("", fmt::format("Location: {}\r\n", place), "301 Moved")));
    check_request request = patient("http", server);
    request.follow_redirects = true;
    const check_record record = run_check(request);
    ASSERT_EQ(verdict_of(record), "http bad-redirect") << place;
    EXPECT_EQ(record.last().http->location, place);
  }
}

TEST(hostile_server, has_many_at_once_and_holds_up_none_of_the_others) {
  const scripted_server stalling([](server_connection& client) { client.stall(); });
  const scripted_server answering(answer_with(http_response("fine")));
  std::vector<check_request> requests;
  for (int i = 0; i < 40; ++i) {
    requests.push_back(impatient("http", stalling));
    requests.push_back(patient("http", answering));
  }
  const std::vector<check_record> records = check(requests, {.concurrency = 80});
  for (std::size_t i = 0; i < records.size(); ++i) {
    EXPECT_EQ(verdict_of(records[i]), i % 2 == 0 ? "http timeout" : "ok") << records[i].summary;
  }
}

}  // namespace
}  // namespace netscan
