package io.weir.tls;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The real openssl: a client and a converter of keys that are not ours. */
final class Openssl {

  private static final int PATIENCE_SECONDS = 30;

  private Openssl() {}

  /** How a run ended. */
  record Run(int exit, String out, String err) {
    String all() {
      return out + err;
    }
  }

  /** Standard output of a run that must go well. */
  static String run(String input, String... arguments) {
    Run run = tryRun(input, List.of(arguments));
    if (run.exit != 0) {
      throw new AssertionError("openssl " + List.of(arguments) + ": " + run.all());
    }
    return run.out;
  }

  /** Connects, and reads until the server closes. */
  static Run client(int port, String... arguments) {
    List<String> all =
        new ArrayList<>(List.of("s_client", "-connect", "127.0.0.1:" + port, "-ign_eof"));
    all.addAll(List.of(arguments));
    return tryRun("", all);
  }

  private static Run tryRun(String input, List<String> arguments) {
    List<String> command = new ArrayList<>(List.of("openssl"));
    command.addAll(arguments);
    try {
      Path out = Files.createTempFile("openssl", ".out");
      Path err = Files.createTempFile("openssl", ".err");
      try {
        Process process =
            new ProcessBuilder(command)
                .redirectOutput(out.toFile())
                .redirectError(err.toFile())
                .start();
        try (var stdin = process.getOutputStream()) {
          stdin.write(input.getBytes(StandardCharsets.UTF_8));
        } catch (IOException endedEarly) {
          // its exit code and output tell
        }
        if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
          process.destroyForcibly().waitFor();
          throw new AssertionError(command + " did not end: " + read(out) + read(err));
        }
        return new Run(process.exitValue(), read(out), read(err));
      } finally {
        Files.delete(out);
        Files.delete(err);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("openssl is missing: install the package openssl", e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String read(Path file) throws IOException {
    return Files.readString(file, StandardCharsets.ISO_8859_1);
  }
}
