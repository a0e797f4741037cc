package io.weir.daemon.replay;

import static io.weir.daemon.replay.LoggedRequest.JA4;

import io.weir.core.config.ListenerConfig;
import io.weir.core.config.ProxyConfig;
import io.weir.firewall.Compilation;
import io.weir.firewall.Firewall;
import io.weir.firewall.FirewallCompiler;
import io.weir.firewall.config.FirewallConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Reads access logs and asks a candidate what it would have decided. */
public final class Replayer {
  /** So many requests are read to see what a log holds, before any of them is judged. */
  private static final int SAMPLE = 4096;

  private final ProxyConfig candidate;
  private final RandomGenerator random;
  private final Tally tally = new Tally();
  private final List<LoggedRequest> first = new ArrayList<>(); // until it is known what they lack
  private @Nullable LogParser parser;
  private @Nullable Replay replay;
  private Map<String, String> leftOut = Map.of();

  /**
   * A replay for a configuration that is known to be valid.
   *
   * @param random for the secrets of hashes
   */
  public Replayer(ProxyConfig candidate, RandomGenerator random) {
    this.candidate = candidate;
    this.random = random;
  }

  /**
   * What was found.
   *
   * @param unreadable lines
   */
  public record Result(String text, Map<String, Object> json, long requests, long unreadable) {}

  /**
   * Reads a log, one line at a time; the next one goes on from there.
   *
   * @throws IOException if it cannot be read
   */
  public void read(Path log) throws IOException {
    try (LogLines lines = LogLines.open(log)) {
      for (String line = lines.next(); line != null; line = lines.next()) {
        take(line);
      }
    }
  }

  private void take(String line) {
    LogParser reads = parser == null ? LogParser.forLine(line) : parser;
    LoggedRequest request = reads.parse(line);
    if (request == null) {
      if (reads.wasConnection()) {
        tally.connections++;
      } else {
        tally.unreadable++;
      }
      return;
    }
    parser = reads; // from the first line that can be read
    Replay judges = replay;
    if (judges != null) {
      judges.add(request);
      return;
    }
    first.add(request);
    if (first.size() == SAMPLE) {
      begin(reads);
    }
  }

  private void begin(LogParser reads) {
    List<String> http =
        candidate.listeners().entrySet().stream()
            .filter(listener -> speaksHttp(listener.getValue()))
            .map(Map.Entry::getKey)
            .toList();
    Judgeable judgeable = Judgeable.of(candidate.firewall(), reads, lacking(), http.size() == 1);
    leftOut = judgeable.leftOut();
    Replay judges =
        new Replay(
            compile(judgeable.firewall()),
            new LoggedTargets(candidate),
            List.copyOf(candidate.listeners().keySet()),
            http.size() == 1 ? http.getFirst() : null,
            judgeable,
            tally);
    first.forEach(judges::add);
    first.clear();
    replay = judges;
  }

  /** Fingerprints that nobody had asked for then are no fingerprints that nobody had. */
  private Set<String> lacking() {
    boolean anyWithout = first.stream().anyMatch(request -> request.cut().contains(JA4));
    boolean anyWith = first.stream().anyMatch(request -> request.ja4() != null);
    return anyWithout && !anyWith ? Set.of(JA4) : Set.of();
  }

  private static boolean speaksHttp(ListenerConfig listener) {
    return listener.mode() instanceof ListenerConfig.Http
        || listener.mode() instanceof ListenerConfig.RedirectToHttps;
  }

  private Firewall compile(FirewallConfig firewall) {
    Set<String> listeners = candidate.listeners().keySet();
    return switch (FirewallCompiler.compile(firewall, listeners, null, random)) {
      case Compilation.Compiled compiled -> compiled.firewall();
      case Compilation.Rejected rejected ->
          throw new IllegalStateException("checked before: " + rejected.problems());
    };
  }

  /** Judges what is left, and tells what was found. */
  public Result finish() {
    if (replay == null && parser != null) {
      begin(parser);
    }
    if (replay != null) {
      replay.finish();
    }
    String kind = parser == null ? "empty" : parser.kind();
    ReplayReport report = new ReplayReport(kind, candidate.firewall(), leftOut, tally);
    return new Result(report.text(), report.json(), tally.requests, tally.unreadable);
  }
}
