package io.weir.core.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A program of the system, found on the path, or missing with the name of what brings it. */
final class Program {
  /** Where servers are, even when the path of an ordinary user leaves it out. */
  private static final List<String> MORE_PLACES = List.of("/usr/sbin", "/usr/local/sbin");

  /** No single run in a test takes longer. */
  static final Duration PATIENCE = Duration.ofSeconds(30);

  private final Path executable;

  private Program(Path executable) {
    this.executable = executable;
  }

  /**
   * Finds a program.
   *
   * @param debianPackage what to install where it is missing
   */
  static Program find(String name, String debianPackage) {
    String path = System.getenv().getOrDefault("PATH", "");
    return Stream.concat(Stream.of(path.split(":")), MORE_PLACES.stream())
        .map(folder -> Path.of(folder, name))
        .filter(Files::isExecutable)
        .findFirst()
        .map(Program::new)
        .orElseThrow(() ->
            new AssertionError(
                name + " is missing: install the Debian package \"" + debianPackage + "\""));
  }

  /** Starts it with all its output in a file. */
  Process start(Path output, List<String> arguments) {
    try {
      return new ProcessBuilder(command(arguments))
          .redirectErrorStream(true)
          .redirectOutput(output.toFile())
          .start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Runs it to its end. */
  Run run(byte[] input, List<String> arguments) {
    try {
      Path stdout = Files.createTempFile("stdout", null);
      Path stderr = Files.createTempFile("stderr", null);
      try {
        Process process =
            new ProcessBuilder(command(arguments))
                .redirectOutput(stdout.toFile())
                .redirectError(stderr.toFile())
                .start();
        feed(process, input);
        if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
          process.destroyForcibly().waitFor();
          throw new AssertionError(command(arguments) + " did not end: " + read(stderr));
        }
        return new Run(process.exitValue(), read(stdout), read(stderr));
      } finally {
        Files.delete(stdout);
        Files.delete(stderr);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void feed(Process process, byte[] input) {
    try (var stdin = process.getOutputStream()) {
      stdin.write(input);
    } catch (IOException endedWithoutReading) {
      // Its exit code and output tell.
    }
  }

  private List<String> command(List<String> arguments) {
    List<String> command = new ArrayList<>();
    command.add(executable.toString());
    command.addAll(arguments);
    return command;
  }

  private static String read(Path file) throws IOException {
    return Files.readString(file, StandardCharsets.ISO_8859_1);
  }

  /** How a run ended. */
  record Run(int exit, String stdout, String stderr) {
    /** The output of a run that must have gone well. */
    String output() {
      if (exit != 0) {
        throw new AssertionError("exit " + exit + ": " + stderr + stdout);
      }
      return stdout;
    }
  }
}
