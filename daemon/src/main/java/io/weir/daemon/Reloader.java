package io.weir.daemon;

import io.weir.core.Proxy;
import io.weir.core.Proxy.ApplyResult;
import io.weir.core.config.ConfigError;
import io.weir.daemon.admin.ReloadResult;
import io.weir.daemon.config.Loading;
import io.weir.daemon.config.Problem;
import io.weir.daemon.config.ProblemPrinter;
import io.weir.daemon.config.WeirConfig;
import io.weir.daemon.log.Diagnostics;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads the configuration again and puts it to use, or says why the old one goes on serving. */
final class Reloader {
  private static final Logger LOG = LoggerFactory.getLogger(Reloader.class);

  private final ConfigSource source;
  private final Proxy proxy;
  private WeirConfig current; // the thread that reloads

  Reloader(ConfigSource source, Proxy proxy, WeirConfig current) {
    this.source = source;
    this.proxy = proxy;
    this.current = current;
  }

  /** Takes as long as it takes; one thread at a time. */
  ReloadResult reload() {
    ReloadResult result =
        switch (source.load()) {
          case Loading.Broken(List<Problem> problems) -> invalid(problems);
          case Loading.Loaded loaded -> apply(loaded);
        };
    log(result);
    return result;
  }

  private static ReloadResult invalid(List<Problem> problems) {
    long errors = problems.stream().filter(Reloader::isError).count();
    return new ReloadResult.Invalid((int) errors, new ProblemPrinter(false).print(problems));
  }

  private ReloadResult apply(Loading.Loaded loaded) {
    WeirConfig next = loaded.config();
    return switch (proxy.apply(next.proxy())) {
      case ApplyResult.Applied(long generation, List<ConfigError> applied) -> {
        List<String> notes = new ArrayList<>(applied.stream().map(Reloader::inWords).toList());
        notes.addAll(keysThatNeedRestart(next));
        Diagnostics.level(next.logging().level().name());
        current = next;
        yield new ReloadResult.Reloaded(generation, notes);
      }
      case ApplyResult.Rejected(List<ConfigError> errors) ->
          new ReloadResult.Failed(reasons(errors));
    };
  }

  private List<String> keysThatNeedRestart(WeirConfig next) {
    List<String> notes = new ArrayList<>();
    if (!next.admin().equals(current.admin())) {
      notes.add("admin changed: it takes effect at the next start");
    }
    if (!String.valueOf(next.logging().access())
        .equals(String.valueOf(current.logging().access()))) {
      notes.add("logging.access changed: it takes effect at the next start");
    }
    return notes;
  }

  private static String reasons(List<ConfigError> errors) {
    return String.join("; ", errors.stream().map(Reloader::inWords).toList());
  }

  private static String inWords(ConfigError error) {
    return error.path().isEmpty() ? error.message() : error.path() + ": " + error.message();
  }

  private void log(ReloadResult result) {
    switch (result) {
      case ReloadResult.Reloaded(long generation, List<String> notes) -> {
        LOG.info("{} serves now, generation {}", source.name(), generation);
        notes.forEach(LOG::warn);
      }
      case ReloadResult.Invalid(int errors, String report) -> {
        LOG.error(
            "{} is not valid ({} {}), so the old configuration goes on serving:",
            source.name(),
            errors,
            errors == 1 ? "error" : "errors");
        report.lines().forEach(LOG::error);
      }
      case ReloadResult.Failed(String reason) ->
          LOG.error("the old configuration goes on serving: {}", reason);
    }
  }

  private static boolean isError(Problem problem) {
    return problem.severity() == Problem.Severity.ERROR;
  }
}
