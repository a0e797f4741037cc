package io.weir.daemon;

import io.weir.daemon.cli.ConfigOption;
import io.weir.daemon.cli.ExitCode;
import io.weir.daemon.cli.Terminal;
import io.weir.daemon.config.Loading;
import io.weir.daemon.config.Problem;
import io.weir.daemon.config.ProblemPrinter;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code weir run}: serves until it is told to stop. */
@Command(name = "run", description = "Serves, in the foreground.", mixinStandardHelpOptions = true)
final class RunCommand implements Callable<Integer> {
  @Mixin private final ConfigOption config = new ConfigOption();

  @Override
  public Integer call() throws CannotStart, InterruptedException {
    ConfigSource source = ConfigSource.file(config.require());
    return switch (source.load()) {
      case Loading.Broken(List<Problem> problems) -> {
        print(problems);
        yield ExitCode.INVALID;
      }
      case Loading.Loaded loaded -> {
        print(loaded.warnings());
        serve(source, loaded);
        yield ExitCode.OK;
      }
    };
  }

  private static void serve(ConfigSource source, Loading.Loaded loaded)
      throws CannotStart, InterruptedException {
    Stopping stopping = Stopping.atSignals();
    try (Daemon daemon = new Daemon(source, loaded, System.getenv())) {
      Signals.on("HUP", daemon::reload);
      Signals.on("USR1", daemon::reopenLogs);
      stopping.of(daemon);
      daemon.runUntilStopped();
    }
  }

  private static void print(List<Problem> problems) {
    boolean colour = Terminal.STDERR.likesColour(System.getenv());
    System.err.print(new ProblemPrinter(colour).print(problems));
  }
}
