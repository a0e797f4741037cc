package io.weir.core.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A real nginx on a free port of 127.0.0.1, in a folder of its own, ended with this object. */
public final class NginxBackend implements AutoCloseable {
  private final RealServer server;

  private NginxBackend(RealServer server) {
    this.server = server;
  }

  /** Plain HTTP. The lines go into nginx's {@code server} block; its root is {@code root}. */
  public static NginxBackend plain(String serverLines) {
    return start("", serverLines);
  }

  /** The same over TLS. */
  public static NginxBackend tls(Openssl.CertificateFiles identity, String serverLines) {
    return overTls(" ssl", identity, serverLines);
  }

  /** The same over TLS, where clients that ask for it get HTTP/2. */
  public static NginxBackend http2OverTls(Openssl.CertificateFiles identity, String serverLines) {
    return overTls(" ssl http2", identity, serverLines);
  }

  private static NginxBackend overTls(
      String listenOptions, Openssl.CertificateFiles identity, String serverLines) {
    String lines =
        "ssl_certificate %s; ssl_certificate_key %s;\n"
            .formatted(identity.certificate(), identity.key());
    return start(listenOptions, lines + serverLines);
  }

  /** Plain HTTP on connections that begin with a PROXY header. */
  public static NginxBackend told(String serverLines) {
    return start(" proxy_protocol", serverLines);
  }

  /** HTTP/2 in plain text on connections that begin with a PROXY header. */
  public static NginxBackend toldOverHttp2(String serverLines) {
    return start(" http2 proxy_protocol", serverLines);
  }

  private static NginxBackend start(String listenOptions, String serverLines) {
    RealServer.Setup setup =
        (folder, address) -> {
          configure(folder, address, listenOptions, serverLines);
          return List.of("-p", folder.toString(), "-c", "nginx.conf", "-e", folder + "/error.log");
        };
    return new NginxBackend(RealServer.start(Program.find("nginx", "nginx-light"), setup));
  }

  private static void configure(
      Path folder, InetSocketAddress address, String listenOptions, String serverLines) {
    try {
      Files.createDirectory(folder.resolve("root"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    // One process without a master: it ends with its pid and needs no other user.
    RealServer.write(
        folder.resolve("nginx.conf"),
        """
        daemon off;
        master_process off;
        pid %1$s/nginx.pid;
        events { worker_connections 1024; }
        http {
          access_log %1$s/access.log;
          client_body_temp_path %1$s/body;
          proxy_temp_path %1$s/proxy;
          fastcgi_temp_path %1$s/fastcgi;
          uwsgi_temp_path %1$s/uwsgi;
          scgi_temp_path %1$s/scgi;
          client_max_body_size 0;
          default_type text/plain;
          server {
            listen 127.0.0.1:%2$d%3$s;
            root %1$s/root;
            %4$s
          }
        }
        """
            .formatted(folder, address.getPort(), listenOptions, serverLines));
  }

  public InetSocketAddress address() {
    return server.address();
  }

  /** Puts a file where nginx serves it under {@code /name}. */
  public NginxBackend serves(String name, byte[] content) {
    try {
      Files.write(server.folder().resolve("root").resolve(name), content);
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The lines of its access log so far. */
  public List<String> accessLog() {
    return server.read("access.log").lines().toList();
  }

  @Override
  public void close() {
    server.close();
  }
}
