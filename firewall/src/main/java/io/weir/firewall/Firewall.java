package io.weir.firewall;

import io.weir.firewall.address.ClientAddress;
import io.weir.firewall.limit.Limiter;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The compiled rules; immutable but for the state of limits, shared by all workers.
 *
 * <p>Times are of a monotonic clock, in nanoseconds.
 */
@SuppressWarnings("DoNotCallSuggester")
public final class Firewall {
  private final List<RuleInfo> rules;

  Firewall(List<RuleInfo> rules) {
    this.rules = List.copyOf(rules);
  }

  /** Whether there is nothing to ask: no rules, and the default is allow. */
  public boolean isOpen() {
    throw new UnsupportedOperationException();
  }

  /** Whether {@link #checkConnection} can refuse anything at all. */
  public boolean hasConnectionRules() {
    throw new UnsupportedOperationException();
  }

  /**
   * Asks, when an http listener accepted a connection and before TLS, the rules that can already
   * act; null: the connection goes on to {@link #checkRequest}. This is no permit: requests are
   * judged by all rules, also by those that were asked here, with the same result. Hits are only
   * recorded with a refusal; otherwise the requests will record them.
   *
   * @param client the client's address, known for sure: behind a trusted proxy do not ask
   * @param listener its place in the names that the firewall was compiled with, from 0
   */
  public @Nullable Refusal checkConnection(
      ClientAddress client, int listener, RuleHits hits, long nanos) {
    throw new UnsupportedOperationException();
  }

  /**
   * Judges a connection of a tcp listener, for good: every rule that names no field of a request
   * applies, and any refusal closes.
   */
  public Verdict checkTcpConnection(ClientAddress client, int listener, RuleHits hits, long nanos) {
    throw new UnsupportedOperationException();
  }

  /** Judges a request. */
  public Verdict checkRequest(RequestView request, RuleHits hits, long nanos) {
    throw new UnsupportedOperationException();
  }

  /** All rules, in the order of the file. */
  public List<RuleInfo> rules() {
    return rules;
  }

  /** The counters of a limit rule; null for the other rules. */
  public @Nullable Limiter limiter(int rule) {
    throw new UnsupportedOperationException();
  }

  /** Memory for the evaluations of one worker; it belongs to this firewall only. */
  public RuleHits newHits() {
    return new RuleHits();
  }
}
