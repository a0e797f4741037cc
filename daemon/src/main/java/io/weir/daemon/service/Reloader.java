package io.weir.daemon.service;

import io.weir.core.Proxy;
import io.weir.core.Proxy.ApplyResult;
import io.weir.core.config.ConfigError;
import io.weir.daemon.admin.ReloadResult;
import io.weir.daemon.config.CertificateWarnings;
import io.weir.daemon.config.ConfigSource;
import io.weir.daemon.config.FetchedList;
import io.weir.daemon.config.Loading;
import io.weir.daemon.config.WeirConfig;
import io.weir.daemon.fetch.ListFetcher;
import io.weir.daemon.log.Diagnostics;
import io.weir.daemon.problem.Problem;
import io.weir.daemon.problem.ProblemPrinter;
import io.weir.daemon.problem.Problems;
import io.weir.daemon.state.StateDirectory;
import io.weir.daemon.watch.FileWatch;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads the configuration again and puts it to use, or says why the old one goes on serving. */
final class Reloader {
  private static final Logger LOG = LoggerFactory.getLogger(Reloader.class);

  private final ConfigSource source;
  private final Proxy proxy;
  private final FileWatch watch = new FileWatch();
  private final ListFetcher fetcher;
  private final Consumer<String> listFailed;
  private final AtStart atStart;
  private WeirConfig current; // the thread that reloads
  private Loading.Reading reading; // of the configuration that serves

  /**
   * For the configuration that serves.
   *
   * @param fetcher of the lists that come from elsewhere
   * @param listFailed is told the name of a list whose new version cannot be used
   */
  Reloader(
      ConfigSource source,
      Proxy proxy,
      Loading.Loaded loaded,
      ListFetcher fetcher,
      Consumer<String> listFailed)
      throws CannotStart {
    watch.watch(loaded.files());
    this.listFailed = listFailed;
    this.source = source;
    this.proxy = proxy;
    this.fetcher = fetcher;
    current = loaded.config();
    atStart = AtStart.of(current);
    reading = loaded.rest();
    String nowhere = nowhereToKeep(current);
    if (nowhere != null) {
      throw new CannotStart(nowhere);
    }
    fetcher.follow(current.fetched());
  }

  /** Whether files that the configuration names have changed. The thread that reloads. */
  boolean filesChanged() {
    return watch.changed();
  }

  /** The lists that are in use. The thread that reloads. */
  Set<String> lists() {
    return current.proxy().firewall().lists().keySet();
  }

  /** Those of them that are fetched. The thread that reloads. */
  Set<String> fetchedLists() {
    return current.fetched().stream().map(FetchedList::name).collect(Collectors.toSet());
  }

  /** How long exchanges have to end when it stops. The thread that reloads. */
  Duration drain() {
    return current.proxy().timeouts().drain();
  }

  /** Says which certificates expire soon, or have. The thread that reloads. */
  void warnOfExpiry() {
    CertificateWarnings.of(current.proxy(), Instant.now())
        .warnings()
        .forEach(warning -> LOG.warn(inWords(warning)));
  }

  /** What is wrong where lists are fetched and there is no folder for them; null if nothing. */
  private static @Nullable String nowhereToKeep(WeirConfig config) {
    for (FetchedList list : config.fetched()) {
      if (list.copy() == null) {
        return "lists."
            + list.name()
            + ".url: there is no folder to keep it in (expected: "
            + StateDirectory.VARIABLE
            + " names one)";
      }
    }
    return null;
  }

  /** What came of a configuration that was read. */
  private sealed interface Outcome {
    /** It serves, or cannot although it is valid. */
    record Settled(ReloadResult result) implements Outcome {}

    record Broken(List<Problem> problems) implements Outcome {}
  }

  /** Takes as long as it takes; one thread at a time. */
  ReloadResult reload() {
    watch.reading();
    Loading loading = source.loadToCompile();
    if (loading instanceof Loading.Loaded loaded) {
      List<ConfigError> notValid = notValid(loaded);
      if (!notValid.isEmpty()) {
        return logged(new ReloadResult.Failed(reasons(notValid, loaded)));
      }
    }
    return logged(
        switch (apply(loading)) {
          case Outcome.Settled(ReloadResult.Reloaded(long generation, List<String> notes)) -> {
            List<String> all = new ArrayList<>(notes);
            all.addAll(atStart.notes(AtStart.of(current)));
            yield new ReloadResult.Reloaded(generation, all);
          }
          case Outcome.Settled(ReloadResult result) -> result;
          case Outcome.Broken(List<Problem> problems) -> invalid(problems);
        });
  }

  /**
   * The files that the configuration names are read again, and it itself is not: what an operator
   * is writing there waits for {@link #reload}. A file that cannot be used is taken for what it
   * was, so that a broken list does not keep a certificate from being renewed.
   */
  ReloadResult reloadFiles() {
    watch.reading();
    Set<Path> kept = new LinkedHashSet<>();
    List<Problem> wrong = new ArrayList<>();
    while (true) {
      switch (applyFiles(reading.again(kept))) {
        case Outcome.Settled(ReloadResult result) -> {
          boolean serves = result instanceof ReloadResult.Reloaded;
          return serves && !wrong.isEmpty() ? keptSome(kept, wrong) : logged(result);
        }
        case Outcome.Broken(List<Problem> problems) -> {
          List<Problem> found = problems.stream().filter(Reloader::isError).toList();
          List<Problem> now = new ArrayList<>();
          boolean more = false;
          for (Problem problem : found) {
            more |= kept.addAll(reading.filesFor(problem.path()));
            if (wrong.stream().noneMatch(told -> Problems.related(told.path(), problem.path()))) {
              now.add(problem); // else an old file that was kept does not go with the new one
            }
          }
          wrong.addAll(now);
          if (!more) {
            return logged(invalid(wrong));
          }
        }
      }
    }
  }

  /** Files of certificates that are not valid now are broken. */
  private Outcome applyFiles(Loading again) {
    if (again instanceof Loading.Loaded loaded) {
      List<ConfigError> notValid = notValid(loaded);
      if (!notValid.isEmpty()) {
        return new Outcome.Broken(problems(notValid, loaded));
      }
    }
    return apply(again);
  }

  /** Certificates that are new and cannot be used now. */
  private List<ConfigError> notValid(Loading.Loaded loaded) {
    return CertificateWarnings.notValid(current.proxy(), loaded.config().proxy(), Instant.now());
  }

  private ReloadResult keptSome(Set<Path> kept, List<Problem> wrong) {
    ReloadResult.Invalid result = invalid(wrong);
    LOG.error("these files keep their old content, and what else has changed serves: {}", kept);
    result.report().lines().forEach(LOG::error);
    return result;
  }

  private ReloadResult.Invalid invalid(List<Problem> problems) {
    List<Problem> errors = problems.stream().filter(Reloader::isError).toList();
    BrokenLists.of(errors, lists()).forEach(listFailed);
    return new ReloadResult.Invalid(errors.size(), new ProblemPrinter(false).print(problems));
  }

  private Outcome apply(Loading loading) {
    return switch (loading) {
      case Loading.Broken(List<Problem> problems) -> new Outcome.Broken(problems);
      case Loading.Loaded loaded -> apply(loaded);
    };
  }

  private Outcome apply(Loading.Loaded loaded) {
    String nowhere = nowhereToKeep(loaded.config());
    if (nowhere != null) {
      return new Outcome.Settled(new ReloadResult.Failed(nowhere));
    }
    List<String> notes = new ArrayList<>();
    WeirConfig next = AwaitedLists.keep(loaded.config(), current, notes);
    Map<String, Integer> before = proxy.firewall().listEntries();
    return switch (proxy.apply(next.proxy())) {
      case ApplyResult.Applied(long generation, List<ConfigError> applied) -> {
        applied.forEach(note -> notes.add(inWords(note)));
        notes.addAll(emptied(before, proxy.firewall().listEntries()));
        Diagnostics.level(next.logging().level().name());
        current = next;
        reading = loaded.rest();
        watch.watch(loaded.files());
        fetcher.follow(next.fetched());
        yield new Outcome.Settled(new ReloadResult.Reloaded(generation, notes));
      }
      case ApplyResult.Rejected(List<ConfigError> errors) ->
          new Outcome.Broken(problems(errors, loaded));
      case ApplyResult.Unusable(ConfigError reason) ->
          new Outcome.Settled(new ReloadResult.Failed(reasons(List.of(reason), loaded)));
    };
  }

  /** Perhaps somebody meant that, perhaps what writes the file has failed. */
  private static List<String> emptied(Map<String, Integer> before, Map<String, Integer> now) {
    List<String> notes = new ArrayList<>();
    now.forEach((list, entries) -> {
      int held = before.getOrDefault(list, 0);
      if (entries == 0 && held > 0) {
        notes.add("lists." + list + ": there is nothing in it any more, it had " + held);
      }
    });
    return notes;
  }

  private static List<Problem> problems(List<ConfigError> errors, Loading.Loaded loaded) {
    return errors.stream()
        .map(error -> loaded.sources().problem(Problem.Severity.ERROR, error))
        .sorted(Comparator.comparing(Problem::at))
        .toList();
  }

  /** Each with its place in the files. */
  private static String reasons(List<ConfigError> errors, Loading.Loaded loaded) {
    return errors.stream()
        .map(error -> loaded.sources().find(error.path()) + ": " + inWords(error))
        .collect(Collectors.joining("; "));
  }

  private static String inWords(ConfigError error) {
    return error.path().isEmpty() ? error.message() : error.path() + ": " + error.message();
  }

  private ReloadResult logged(ReloadResult result) {
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
    return result;
  }

  private static boolean isError(Problem problem) {
    return problem.severity() == Problem.Severity.ERROR;
  }
}
