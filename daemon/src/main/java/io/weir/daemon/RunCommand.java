package io.weir.daemon;

import io.weir.daemon.cli.ConfigOption;
import io.weir.daemon.cli.ExitCode;
import io.weir.daemon.cli.Terminal;
import io.weir.daemon.config.ConfigSource;
import io.weir.daemon.config.Loading;
import io.weir.daemon.problem.Problem;
import io.weir.daemon.problem.ProblemPrinter;
import io.weir.daemon.service.CannotStart;
import io.weir.daemon.service.Daemon;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code weir run}: serves until it is told to stop. */
@Command(name = "run", description = "Serves, in the foreground.", mixinStandardHelpOptions = true)
final class RunCommand implements Callable<Integer> {
  @Mixin private final ConfigOption config = new ConfigOption();

  @Override
  public Integer call() throws CannotStart, InterruptedException {
    try (Daemon daemon = started(ConfigSource.file(config.require()))) {
      if (daemon == null) {
        return ExitCode.INVALID;
      }
      daemon.runUntilStopped();
      return ExitCode.OK;
    }
  }

  /**
   * Null after saying what is wrong with the configuration. What was read is left behind here:
   * megabytes of lists that a caller would hold for as long as the daemon runs.
   */
  private static @Nullable Daemon started(ConfigSource source) throws CannotStart {
    return switch (source.load()) {
      case Loading.Broken(List<Problem> problems) -> {
        print(problems);
        yield null;
      }
      case Loading.Loaded loaded -> {
        print(loaded.warnings());
        Stopping stopping = Stopping.atSignals();
        Daemon daemon = new Daemon(source, loaded, System.getenv());
        Signals.on("HUP", daemon.operations()::reload);
        Signals.on("USR1", daemon::reopenLogs);
        stopping.of(daemon);
        yield daemon;
      }
    };
  }

  private static void print(List<Problem> problems) {
    boolean colour = Terminal.likesColour(System.getenv());
    System.err.print(new ProblemPrinter(colour).print(problems));
  }
}
