package io.weir.daemon.shared;

import io.weir.tls.CertificatePem;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A Redis of its own on a free port; closing it ends it. */
public final class RedisProcess implements AutoCloseable {
  private final Path folder;
  private final List<String> options;
  private final int port;
  private Process process;

  private RedisProcess(Path folder, List<String> options, int port) throws IOException {
    this.folder = folder;
    this.options = options;
    this.port = port;
    process = launch();
  }

  public static RedisProcess start(Path folder, String... options) throws IOException {
    return new RedisProcess(folder, List.of(options), freePort());
  }

  /** One that speaks TLS only; it has a certificate for {@code localhost}. */
  public static RedisProcess startTls(Path folder, CertificatePem pem, String... options)
      throws IOException {
    int port = freePort();
    Files.writeString(folder.resolve("redis.pem"), pem.certificate());
    Files.writeString(folder.resolve("redis.key"), pem.key());
    List<String> all = new ArrayList<>(List.of("--port", "0", "--tls-port", "" + port));
    all.addAll(List.of("--tls-cert-file", "redis.pem", "--tls-key-file", "redis.key"));
    all.addAll(List.of("--tls-ca-cert-file", "redis.pem", "--tls-auth-clients", "no"));
    all.addAll(List.of(options));
    return new RedisProcess(folder, all, port);
  }

  static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private Process launch() throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of("redis-server", "--port", "" + port, "--bind", "127.0.0.1", "--save", ""));
    command.addAll(options);
    Process started =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("redis.log").toFile())
            .start();
    while (!listens()) {
      if (!started.isAlive()) {
        throw new AssertionError("redis-server did not start, see " + folder + "/redis.log");
      }
      Thread.onSpinWait();
    }
    return started;
  }

  private boolean listens() {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1000);
      return true;
    } catch (IOException notYet) {
      return false;
    }
  }

  public int port() {
    return port;
  }

  public String address() {
    return "127.0.0.1:" + port;
  }

  /** What redis-cli prints. */
  public String says(String... arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of("redis-cli", "-p", "" + port));
    command.addAll(List.of(arguments));
    Process cli =
        new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true).start();
    try (BufferedReader reader =
        new BufferedReader(new InputStreamReader(cli.getInputStream(), StandardCharsets.UTF_8))) {
      return String.join("\n", reader.lines().toList());
    }
  }

  /** STOP, CONT and the like. */
  public void signal(String name) throws IOException, InterruptedException {
    new ProcessBuilder("sh", "-c", "kill -" + name + " " + process.pid()).start().waitFor();
  }

  public void stop() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  /** On the same port, with nothing in its memory. */
  public void restart() throws IOException, InterruptedException {
    stop();
    process = launch();
  }

  @Override
  public void close() throws InterruptedException {
    stop();
  }
}
