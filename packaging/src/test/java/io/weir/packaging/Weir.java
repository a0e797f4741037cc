package io.weir.packaging;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A process started by {@code bin/weir}; closing it leaves nothing behind. */
final class Weir implements AutoCloseable {
  /** The runnable tree; tests run in the folder of this module. */
  static final Path TREE = Path.of("target/weir").toAbsolutePath();

  private static final Pattern ADMIN = Pattern.compile("admin: (http://127\\.0\\.0\\.1:[0-9]+)/");
  private static final Pattern WEB = Pattern.compile("web (127\\.0\\.0\\.1:[0-9]+)");
  private static final int PATIENCE_SECONDS = 60;

  private final Process process;
  private final Path stdout;
  private final Path stderr;

  private Weir(Process process, Path stdout, Path stderr) {
    this.process = process;
    this.stdout = stdout;
    this.stderr = stderr;
  }

  /** How a command ended and what it said. */
  record Ended(int code, String stdout, String stderr) {}

  static Weir start(Path folder, String... arguments) {
    return start(TREE.resolve("bin/weir"), folder, Map.of(), arguments);
  }

  static Weir start(
      Path launcher, Path folder, Map<String, String> environment, String... arguments) {
    try {
      Path stdout = Files.createTempFile("weir", ".out");
      Path stderr = Files.createTempFile("weir", ".err");
      // What runs in the background may have these two ignored, and the JVM would inherit that.
      List<String> command =
          new ArrayList<>(List.of("env", "--default-signal=HUP,INT", launcher.toString()));
      command.addAll(List.of(arguments));
      ProcessBuilder builder =
          new ProcessBuilder(command)
              .directory(folder.toFile())
              .redirectOutput(stdout.toFile())
              .redirectError(stderr.toFile());
      builder.environment().keySet().removeAll(List.of("JAVA_OPTS", "NOTIFY_SOCKET"));
      builder.environment().putAll(environment);
      return new Weir(builder.start(), stdout, stderr);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Runs a command to its end. */
  static Ended run(Path folder, String... arguments) {
    try (Weir weir = start(folder, arguments)) {
      return weir.ends();
    }
  }

  long pid() {
    return process.pid();
  }

  String stdout() {
    return read(stdout);
  }

  String stderr() {
    return read(stderr);
  }

  /** Waits for words on stdout or stderr. */
  Weir says(String words) {
    long patience = PATIENCE_SECONDS * 100L;
    while (!(stdout() + stderr()).contains(words)) {
      if (!process.isAlive() || patience-- == 0) {
        throw new AssertionError("not said: " + words + "\n" + stdout() + stderr());
      }
      pause();
    }
    return this;
  }

  /** Where the admin endpoint of a daemon that runs is, without the last slash. */
  String admin() {
    says("admin: http");
    return found(ADMIN);
  }

  /** Where the listener called web is. */
  String web() {
    admin();
    return "http://" + found(WEB);
  }

  /** Sends a signal by its name. */
  Weir signalled(String name) {
    try {
      new ProcessBuilder("sh", "-c", "kill -" + name + " " + pid()).start().waitFor();
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
    return this;
  }

  /** Waits for the end. */
  Ended ends() {
    try {
      if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        throw new AssertionError("still running\n" + stdout() + stderr());
      }
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
    return new Ended(process.exitValue(), stdout(), stderr());
  }

  boolean isAlive() {
    return process.isAlive();
  }

  @Override
  public void close() {
    process.destroyForcibly();
    try {
      process.waitFor();
      Files.delete(stdout);
      Files.delete(stderr);
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private String found(Pattern pattern) {
    Matcher matcher = pattern.matcher(stderr());
    if (!matcher.find()) {
      throw new AssertionError(pattern + " is not in\n" + stderr());
    }
    return matcher.group(1);
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void pause() {
    try {
      Thread.sleep(10);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
