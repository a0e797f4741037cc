package io.weir.daemon.replay;

import io.weir.core.config.ListenerConfig;
import io.weir.core.config.ProxyConfig;
import io.weir.firewall.Compilation;
import io.weir.firewall.Firewall;
import io.weir.firewall.FirewallCompiler;
import io.weir.firewall.config.FirewallConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Reads access logs and asks a candidate what it would have decided. */
public final class Replayer {
  private final ProxyConfig candidate;
  private final RandomGenerator random;
  private final Tally tally = new Tally();
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
      tally.unreadable++;
      return;
    }
    Replay judges = replay == null ? begin(reads) : replay; // by the first line that can be read
    judges.add(request);
  }

  private Replay begin(LogParser reads) {
    List<String> http =
        candidate.listeners().entrySet().stream()
            .filter(listener -> speaksHttp(listener.getValue()))
            .map(Map.Entry::getKey)
            .toList();
    Judgeable judgeable = Judgeable.of(candidate.firewall(), reads, http.size() == 1);
    leftOut = judgeable.leftOut();
    Replay judges =
        new Replay(
            compile(judgeable.firewall()),
            new LoggedTargets(candidate),
            List.copyOf(candidate.listeners().keySet()),
            http.size() == 1 ? http.getFirst() : null,
            judgeable,
            tally);
    parser = reads;
    replay = judges;
    return judges;
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
    if (replay != null) {
      replay.finish();
    }
    String kind = parser == null ? "empty" : parser.kind();
    ReplayReport report = new ReplayReport(kind, candidate.firewall(), leftOut, tally);
    return new Result(report.text(), report.json(), tally.requests, tally.unreadable);
  }
}
