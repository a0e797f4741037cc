package io.weir.core.testkit;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.function.Function;

/** A real HAProxy that asks its clients who they are and answers with what it was told. */
public final class HaproxyBackend implements AutoCloseable {
  private final RealServer server;

  private HaproxyBackend(RealServer server) {
    this.server = server;
  }

  /** Answers {@code source port destination port}. */
  public static HaproxyBackend told() {
    return start(folder -> "accept-proxy", "%[src] %[src_port] %[dst] %[dst_port]");
  }

  /** Seals session tickets with that key. */
  public static HaproxyBackend sealsWith(byte[] ticketKey, Openssl.CertificateFiles identity) {
    // It wants three: the last but one seals.
    String line = Base64.getEncoder().encodeToString(ticketKey) + "\n";
    return start(
        folder -> {
          Path keys = folder.resolve("tickets");
          RealServer.write(keys, line.repeat(3));
          return tls(folder, identity) + " tls-ticket-keys " + keys;
        },
        "hello");
  }

  /** Speaks HTTP/2 in plain text, and HTTP/1 to that server behind it. */
  public static HaproxyBackend forwardsH2c(InetSocketAddress server) {
    String action = "default_backend behind\nbackend behind\n  server one " + hostPort(server);
    return serve(folder -> "proto h2", action);
  }

  private static String hostPort(InetSocketAddress address) {
    return address.getAddress().getHostAddress() + ":" + address.getPort();
  }

  private static String tls(Path folder, Openssl.CertificateFiles identity) {
    Path both = folder.resolve("identity.pem");
    RealServer.write(both, identity.certificatePem() + identity.keyPem());
    return "ssl crt " + both;
  }

  /** Refuses the handshake of clients without a certificate of that authority. */
  public static HaproxyBackend asksForCertificates(
      Openssl.CertificateFiles identity, Openssl.CertificateFiles authority) {
    return start(
        folder ->
            "%s alpn h2,http/1.1 ca-file %s verify required"
                .formatted(tls(folder, identity), authority.certificate()),
        "%[ssl_c_s_dn(CN)]");
  }

  /**
   * Starts one.
   *
   * @param bindOptions written to its folder, if need be, and said behind the address
   * @param answer the body of every answer, in its log format
   */
  private static HaproxyBackend start(Function<Path, String> bindOptions, String answer) {
    return serve(
        bindOptions,
        "http-request return status 200 content-type text/plain lf-string \"" + answer + "\"");
  }

  private static HaproxyBackend serve(Function<Path, String> bindOptions, String action) {
    RealServer.Setup setup =
        (folder, address) -> {
          RealServer.write(
              folder.resolve("haproxy.cfg"),
              """
              defaults
                mode http
                timeout client 30s
                timeout server 30s
                timeout connect 5s
              frontend told
                bind 127.0.0.1:%d %s
                %s
              """
                  .formatted(address.getPort(), bindOptions.apply(folder), action));
          return List.of("-db", "-f", folder.resolve("haproxy.cfg").toString());
        };
    return new HaproxyBackend(RealServer.start(Program.find("haproxy", "haproxy"), setup));
  }

  public InetSocketAddress address() {
    return server.address();
  }

  @Override
  public void close() {
    server.close();
  }
}
