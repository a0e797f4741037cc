package io.weir.daemon;

import com.fasterxml.jackson.jr.ob.JSON;
import io.weir.core.config.ProxyConfig;
import io.weir.core.worker.Clock;
import io.weir.daemon.cli.ConfigOption;
import io.weir.daemon.cli.ExitCode;
import io.weir.daemon.cli.FormatOption;
import io.weir.daemon.config.ConfigSource;
import io.weir.daemon.config.Loading;
import io.weir.daemon.problem.FileFailure;
import io.weir.daemon.problem.ProblemPrinter;
import io.weir.daemon.replay.Replayer;
import io.weir.daemon.service.AwaitedLists;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code weir replay}: what a configuration would have decided on a log of yesterday. */
@Command(
    name = "replay",
    description = "Says what the rules of a configuration would have decided on logged requests.",
    mixinStandardHelpOptions = true)
final class ReplayCommand implements Callable<Integer> {
  @Parameters(
      arity = "1..*",
      paramLabel = "ACCESS_LOG",
      description =
          "Access logs, combined or JSON, packed by gzip or not, the oldest first; - is the"
              + " standard input.")
  private List<Path> logs = List.of();

  @Mixin private final ConfigOption config = new ConfigOption();

  @Mixin private final FormatOption format = new FormatOption();

  @Override
  public Integer call() throws IOException {
    return switch (ConfigSource.file(config.require()).load()) {
      case Loading.Broken broken -> {
        System.err.print(new ProblemPrinter(false).print(broken.problems()));
        yield ExitCode.INVALID;
      }
      case Loading.Loaded loaded -> replay(loaded);
    };
  }

  private int replay(Loading.Loaded loaded) throws IOException {
    ProxyConfig candidate = AwaitedLists.atStart(loaded.config()).proxy();
    Replayer replayer = new Replayer(candidate, new SecureRandom());
    long began = Clock.SYSTEM.nanos();
    for (Path log : logs) {
      try {
        replayer.read(log);
      } catch (NoSuchFileException e) {
        System.err.println("weir: " + log + ": does not exist");
        return ExitCode.CANNOT_START;
      } catch (IOException e) {
        System.err.println("weir: " + log + ": cannot be read: " + FileFailure.explain(e));
        return ExitCode.CANNOT_START;
      }
    }
    Replayer.Result result = replayer.finish();
    if (result.requests() == 0 && result.unreadable() > 0) {
      System.err.printf(
          Locale.ROOT,
          "weir: no line of %s can be read as combined or JSON (%,d tried)%n",
          String.join(", ", logs.stream().map(Path::toString).toList()),
          result.unreadable());
      return ExitCode.CANNOT_START;
    }
    double seconds = (Clock.SYSTEM.nanos() - began) / 1e9;
    System.out.print(
        format.isJson()
            ? JSON.std.with(JSON.Feature.PRETTY_PRINT_OUTPUT).asString(result.json()) + "\n"
            : result.text());
    System.err.printf(
        Locale.ROOT,
        "replayed in %.1f s, %,.0f requests a second%n",
        seconds,
        result.requests() / seconds);
    return ExitCode.OK;
  }
}
