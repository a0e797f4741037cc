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

/** A real server on a free port of 127.0.0.1, in a folder of its own, ended with this object. */
final class RealServer implements AutoCloseable {
  /** Between finding a free port and the server binding it, another process may take it. */
  private static final int TRIES = 5;

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final Path folder;
  private final Process process;
  private final InetSocketAddress address;

  private RealServer(Path folder, Process process, InetSocketAddress address) {
    this.folder = folder;
    this.process = process;
    this.address = address;
  }

  /** Writes what a server needs and says its arguments. */
  interface Setup {
    List<String> prepare(Path folder, InetSocketAddress address);
  }

  static RealServer start(Program program, Setup setup) {
    String said = "";
    for (int i = 0; i < TRIES; i++) {
      Path folder = newFolder();
      InetSocketAddress address = freeAddress();
      Process process = program.start(folder.resolve("out.log"), setup.prepare(folder, address));
      RealServer server = new RealServer(folder, process, address);
      if (server.answers()) {
        return server;
      }
      said = server.read("out.log") + server.read("error.log");
      server.close();
      if (!said.contains("ddress already in use")) {
        break;
      }
    }
    throw new AssertionError("the server did not start: " + said);
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
      return Files.createTempDirectory("server");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  InetSocketAddress address() {
    return address;
  }

  Path folder() {
    return folder;
  }

  /** A file of its folder; empty if there is none. */
  String read(String name) {
    Path file = folder.resolve(name);
    try {
      return Files.exists(file) ? Files.readString(file) : "";
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static void write(Path file, String text) {
    try {
      Files.writeString(file, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
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
}
