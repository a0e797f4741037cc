package io.weir.daemon.replay;

import io.weir.core.http.Failure;
import io.weir.core.log.Outcome;
import io.weir.firewall.address.ClientAddress;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A request as a line of an access log tells of it. Text is Latin-1: one char for each byte.
 *
 * @param epochMicros when it began
 * @param durationMicros how long it took; -1: not told
 * @param host empty: not told
 * @param target path and query
 * @param protocol as rules call it, like {@code http/1.1}
 * @param status 0: it got no answer
 * @param cut fields of which the log holds only the beginning or nothing, see {@link CutFields#of}
 * @param fate what the firewall of that time did; null: not told
 */
record LoggedRequest(
    long epochMicros,
    long durationMicros,
    ClientAddress client,
    String method,
    String host,
    String target,
    String protocol,
    int status,
    @Nullable String userAgent,
    @Nullable String referer,
    @Nullable String tlsVersion,
    @Nullable String serverName,
    @Nullable String ja4,
    @Nullable String listener,
    @Nullable String route,
    Set<String> cut,
    @Nullable Fate fate) {

  /** What is found out for a log only where a rule or a listener asks for it. */
  static final String JA4 = "tls.ja4";

  private static final Map<String, Failure> FAILURES =
      Stream.of(Failure.values()).collect(Collectors.toMap(Failure::label, Function.identity()));

  /**
   * What became of it.
   *
   * @param outcome in the words of the log, like {@code ok} or {@code denied}
   * @param rule that refused it
   * @param backend whether a backend was tried
   */
  record Fate(String outcome, @Nullable String rule, boolean backend) {
    /**
     * Whether rules refused it; what a drop cut beside its own request has the word and no rule.
     */
    boolean isRefusal() {
      boolean isCutBeside = outcome.equals(Failure.DROPPED.label()) && rule == null;
      return Outcome.refusals().contains(outcome) && !isCutBeside;
    }

    /**
     * Whether a backend gave the answer, whose status is then its own. A failure before the backend
     * had answered is told to the client with the status of that failure; one behind it only cuts.
     * So a backend that says 502 and then breaks off is taken for one that said nothing.
     */
    boolean isOfBackend(int status) {
      Failure failure = FAILURES.get(outcome);
      return backend && (failure == null || failure.isUntold(true) || failure.status() != status);
    }
  }

  /** Whether it was refused, as far as the log tells: without an outcome its status must do. */
  boolean wasRefused() {
    return fate == null ? status == 0 || status == 403 || status == 429 : fate.isRefusal();
  }

  /** Whether its status is a backend's, as far as the log tells. */
  boolean isAnsweredByBackend() {
    return status > 0 && (fate == null ? !wasRefused() : fate.isOfBackend(status));
  }

  /** The rule that refused it, if the log says so. */
  @Nullable String refusedBy() {
    return fate == null || !fate.isRefusal() ? null : fate.rule();
  }
}
