package io.weir.packaging;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.util.List;

/** A Redis of its own on a free port; closing it ends it. */
final class Redis implements AutoCloseable {
  private final Path folder;
  private final int port;
  private Process process;

  private Redis(Path folder, int port) {
    this.folder = folder;
    this.port = port;
    process = launch();
  }

  static Redis start(Path folder) {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      int port = socket.getLocalPort();
      socket.close();
      return new Redis(folder, port);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Process launch() {
    List<String> command =
        List.of("redis-server", "--port", "" + port, "--bind", "127.0.0.1", "--save", "");
    try {
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
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private boolean listens() {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1000);
      return true;
    } catch (IOException notYet) {
      return false;
    }
  }

  String address() {
    return "127.0.0.1:" + port;
  }

  /** Answers nobody until it goes on. */
  void stands() {
    signal("STOP");
  }

  void goesOn() {
    signal("CONT");
  }

  private void signal(String name) {
    try {
      new ProcessBuilder("sh", "-c", "kill -" + name + " " + process.pid()).start().waitFor();
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** It is gone, and what it knew with it. */
  void ends() {
    try {
      process.destroyForcibly().waitFor();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  void beginsAnew() {
    process = launch();
  }

  @Override
  public void close() {
    ends();
  }
}
