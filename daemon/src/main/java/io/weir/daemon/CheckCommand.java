package io.weir.daemon;

import io.weir.daemon.cli.ConfigOption;
import io.weir.daemon.cli.ExitCode;
import io.weir.daemon.cli.FormatOption;
import io.weir.daemon.cli.Terminal;
import io.weir.daemon.config.ConfigSource;
import io.weir.daemon.config.Loading;
import io.weir.daemon.problem.Problem;
import io.weir.daemon.problem.ProblemPrinter;
import io.weir.daemon.service.AwaitedLists;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code weir check}: says everything that is wrong, and starts nothing. */
@Command(
    name = "check",
    aliases = {"validate", "-t"},
    description = "Says everything that is wrong with a configuration.",
    mixinStandardHelpOptions = true)
final class CheckCommand implements Callable<Integer> {
  @Mixin private final ConfigOption config = new ConfigOption();

  @Mixin private final FormatOption format = new FormatOption();

  @Option(names = "--quiet", description = "Say nothing when all is well.")
  private boolean quiet;

  @Option(names = "--strict", description = "Take warnings for errors.")
  private boolean strict;

  @Override
  public Integer call() {
    return switch (ConfigSource.file(config.require()).load()) {
      case Loading.Broken(List<Problem> problems) -> {
        print(problems);
        yield ExitCode.INVALID;
      }
      case Loading.Loaded loaded -> {
        if (!loaded.warnings().isEmpty() || format.isJson()) {
          print(loaded.warnings());
        }
        if (strict && !loaded.warnings().isEmpty()) {
          yield ExitCode.INVALID;
        }
        if (!quiet && !format.isJson()) {
          var _ = AwaitedLists.atStart(loaded.config());
          System.out.println("Configuration is valid");
        }
        yield ExitCode.OK;
      }
    };
  }

  private void print(List<Problem> problems) {
    if (format.isJson()) {
      System.out.println(ProblemPrinter.json(problems));
    } else {
      boolean colour = Terminal.likesColour(System.getenv());
      System.err.print(new ProblemPrinter(colour).print(problems));
    }
  }
}
