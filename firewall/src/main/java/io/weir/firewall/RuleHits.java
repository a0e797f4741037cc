package io.weir.firewall;

import io.weir.firewall.limit.Concurrency;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one evaluation hit besides its verdict, and the scratch memory that evaluations work in; one
 * for each worker and firewall, from {@link Firewall#newHits}. Not thread safe.
 *
 * <p>A rule <em>matched</em> when it acted, or would have acted if its mode were not report: its
 * condition held and, if it is a limit, the limit was exceeded. A limit whose condition held and
 * that was not exceeded <em>passed</em>. What is read here is of the last evaluation.
 */
public final class RuleHits {
  private int[] matched = new int[16];
  private int matchedCount;
  private int[] passed = new int[16];
  private int passedCount;
  private int retryAfterSeconds;

  private LimitRule[] awaiting = new LimitRule[4]; // that count how this request is answered
  private long[] awaitingKeys = new long[4];
  private int awaitingCount;
  private Concurrency[] entered = new Concurrency[4];
  private int[] enteredPlaces = new int[4];
  private int enteredCount;
  private BandwidthRule[] paced = new BandwidthRule[4]; // that count what is sent
  private long[] pacedKeys = new long[4];
  private boolean[] pacedOver = new boolean[4];
  private int pacedCount;

  private final StringBuilder policies = new StringBuilder();
  private final StringBuilder states = new StringBuilder();

  private final Evaluation evaluation;

  RuleHits(Evaluation evaluation) {
    this.evaluation = evaluation;
  }

  Evaluation evaluation() {
    return evaluation;
  }

  /** How many rules matched, in report mode or not. */
  public int matchedCount() {
    return matchedCount;
  }

  /** The index of the i-th rule that matched, in the order of the file. */
  public int matched(int i) {
    return matched[i];
  }

  /** How many limits were asked and not exceeded. */
  public int passedCount() {
    return passedCount;
  }

  /** The index of the i-th limit that was asked and not exceeded. */
  public int passed(int i) {
    return passed[i];
  }

  /** When the verdict is a limit's: after how many seconds to come back, at least 1; else 0. */
  public int retryAfterSeconds() {
    return retryAfterSeconds;
  }

  /** What the client is to be told of its limits; null if nothing. */
  public @Nullable Quotas quotas() {
    return policies.isEmpty() ? null : new Quotas(policies.toString(), states.toString());
  }

  /**
   * What the rules want to know of the request from now on; null if nothing. To be told its end,
   * also where the verdict is a refusal; asked for once, right after the evaluation.
   */
  public @Nullable FollowUp followUp() {
    if (awaitingCount + enteredCount + pacedCount == 0) {
      return null;
    }
    FollowUp made =
        new FollowUp(
            Arrays.copyOf(awaiting, awaitingCount),
            Arrays.copyOf(awaitingKeys, awaitingCount),
            Arrays.copyOf(entered, enteredCount),
            Arrays.copyOf(enteredPlaces, enteredCount),
            pacing());
    awaitingCount = 0;
    enteredCount = 0;
    pacedCount = 0;
    return made;
  }

  private @Nullable Pacing pacing() {
    return pacedCount == 0
        ? null
        : new Pacing(
            Arrays.copyOf(paced, pacedCount),
            Arrays.copyOf(pacedKeys, pacedCount),
            Arrays.copyOf(pacedOver, pacedCount));
  }

  void clear() {
    matchedCount = 0;
    passedCount = 0;
    retryAfterSeconds = 0;
    policies.setLength(0);
    states.setLength(0);
    awaitingCount = 0;
    pacedCount = 0;
    leaveAll(); // nobody asked for the follow-up
  }

  /** Forgets what other rules than those that count connections did. */
  void keepConnectionLimits(List<CompiledRule> rules) {
    int kept = 0;
    for (int i = 0; i < matchedCount; i++) {
      if (rules.get(matched[i]).perConnection()) {
        matched[kept++] = matched[i];
      }
    }
    matchedCount = kept;
  }

  private void leaveAll() {
    for (int i = 0; i < enteredCount; i++) {
      entered[i].leave(enteredPlaces[i]);
    }
    enteredCount = 0;
  }

  void addAwaiting(LimitRule limit, long key) {
    if (awaitingCount == awaiting.length) {
      awaiting = Arrays.copyOf(awaiting, 2 * awaitingCount);
      awaitingKeys = Arrays.copyOf(awaitingKeys, 2 * awaitingCount);
    }
    awaiting[awaitingCount] = limit;
    awaitingKeys[awaitingCount++] = key;
  }

  void addEntered(Concurrency count, int place) {
    if (enteredCount == entered.length) {
      entered = Arrays.copyOf(entered, 2 * enteredCount);
      enteredPlaces = Arrays.copyOf(enteredPlaces, 2 * enteredCount);
    }
    entered[enteredCount] = count;
    enteredPlaces[enteredCount++] = place;
  }

  void addPaced(BandwidthRule bandwidth, long key, boolean over) {
    if (pacedCount == paced.length) {
      paced = Arrays.copyOf(paced, 2 * pacedCount);
      pacedKeys = Arrays.copyOf(pacedKeys, 2 * pacedCount);
      pacedOver = Arrays.copyOf(pacedOver, 2 * pacedCount);
    }
    paced[pacedCount] = bandwidth;
    pacedOver[pacedCount] = over;
    pacedKeys[pacedCount++] = key;
  }

  void addMatched(int rule) {
    if (matchedCount == matched.length) {
      matched = Arrays.copyOf(matched, 2 * matchedCount);
    }
    matched[matchedCount++] = rule;
  }

  void addPassed(int rule) {
    if (passedCount == passed.length) {
      passed = Arrays.copyOf(passed, 2 * passedCount);
    }
    passed[passedCount++] = rule;
  }

  void addQuota(QuotaText quota, long remaining, long moreNanos) {
    if (!policies.isEmpty()) {
      policies.append(", ");
      states.append(", ");
    }
    policies.append(quota.policy());
    quota.appendState(remaining, moreNanos, states);
  }

  void retryAfterSeconds(int seconds) {
    retryAfterSeconds = seconds;
  }
}
