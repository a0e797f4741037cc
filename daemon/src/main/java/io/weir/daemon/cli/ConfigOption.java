package io.weir.daemon.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/** {@code -c FILE}, and where the file is sought without it. */
public final class ConfigOption {
  private static final List<Path> USUAL =
      List.of(Path.of("/etc/weir/weir.yaml"), Path.of("weir.yaml"));

  @Spec(Target.MIXEE)
  private @Nullable CommandSpec command;

  @Option(
      names = {"-c", "--config"},
      paramLabel = "FILE",
      description = "The configuration; without it /etc/weir/weir.yaml, then ./weir.yaml.")
  private @Nullable Path file;

  /** The file named, else the first usual one that exists. */
  public Path require() {
    Path found = find();
    if (found == null) {
      throw new ParameterException(
          command().commandLine(),
          "no configuration: neither /etc/weir/weir.yaml nor ./weir.yaml exists;"
              + " name a file with -c");
    }
    return found;
  }

  /** The same, or null when there is none. */
  public @Nullable Path find() {
    return file != null ? file : usual();
  }

  /** The first usual file that exists, or null when there is none. */
  public static @Nullable Path usual() {
    return USUAL.stream().filter(Files::exists).findFirst().orElse(null);
  }

  private CommandSpec command() {
    if (command == null) {
      throw new IllegalStateException("not mixed in");
    }
    return command;
  }
}
