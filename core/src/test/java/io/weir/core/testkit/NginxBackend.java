package io.weir.core.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A real nginx on a free port of 127.0.0.1, in a folder of its own, ended with this object. */
public final class NginxBackend implements AutoCloseable {
  /** Between finding a free port and nginx binding it, another process may take it. */
  private static final int TRIES = 5;

  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final Path folder;
  private final Process process;
  private final InetSocketAddress address;

  private NginxBackend(Path folder, Process process, InetSocketAddress address) {
    this.folder = folder;
    this.process = process;
    this.address = address;
  }

  /** Plain HTTP. The lines go into nginx's {@code server} block; its root is {@link #folder}. */
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

  private static NginxBackend start(String listenOptions, String serverLines) {
    Program nginx = Program.find("nginx", "nginx-light");
    String said = "";
    for (int i = 0; i < TRIES; i++) {
      Path folder = newFolder();
      InetSocketAddress address = freeAddress();
      Path log = folder.resolve("out.log");
      configure(folder, address, listenOptions, serverLines);
      Process process =
          nginx.start(
              log,
              List.of("-p", folder.toString(), "-c", "nginx.conf", "-e", folder + "/error.log"));
      NginxBackend backend = new NginxBackend(folder, process, address);
      if (backend.answers()) {
        return backend;
      }
      said = read(log) + read(folder.resolve("error.log"));
      backend.close();
      if (!said.contains("Address already in use")) {
        break;
      }
    }
    throw new AssertionError("nginx did not start: " + said);
  }

  private static void configure(
      Path folder, InetSocketAddress address, String listenOptions, String serverLines) {
    // One process without a master: it ends with its pid and needs no other user.
    write(
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

  private boolean answers() {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (System.nanoTime() < deadline && process.isAlive()) {
      try (Socket probe = new Socket()) {
        probe.connect(address, 1_000);
        return process.isAlive();
      } catch (IOException notYet) {
        pause();
      }
    }
    return false;
  }

  private static void pause() {
    try {
      Thread.sleep(5);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static InetSocketAddress freeAddress() {
    try (ServerSocket free = new ServerSocket(0, 1, Wire.loopback())) {
      return (InetSocketAddress) free.getLocalSocketAddress();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path newFolder() {
    try {
      Path folder = Files.createTempDirectory("nginx");
      Files.createDirectory(folder.resolve("root"));
      return folder;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public InetSocketAddress address() {
    return address;
  }

  /** Puts a file where nginx serves it under {@code /name}. */
  public NginxBackend serves(String name, byte[] content) {
    try {
      Files.write(folder.resolve("root").resolve(name), content);
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The lines of its access log so far. */
  public List<String> accessLog() {
    return read(folder.resolve("access.log")).lines().toList();
  }

  @Override
  public void close() {
    try {
      process.destroy();
      if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
      }
      try (Stream<Path> files = Files.walk(folder)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String read(Path file) {
    try {
      return Files.exists(file) ? Files.readString(file) : "";
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void write(Path file, String text) {
    try {
      Files.writeString(file, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
