package io.weir.core.http2;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class FloodBudgetTest {
  private static final int MEGABYTE = 1 << 20;
  private static final int PINGS_IN_AN_HOUR = 50 * 3600;
  private static final int ACKNOWLEDGED = 4 * 1024;

  private final FloodBudget budget = new FloodBudget(0);

  @Test
  void whatWasSentMayBeAcknowledgedTwiceForEveryFourKilobytes() {
    for (int i = 0; i < 1000; i++) {
      for (int piece = 0; piece < 16; piece++) {
        budget.sent(MEGABYTE / 16);
      }
      acknowledges(MEGABYTE);
    }
  }

  @Test
  void itMayBeAcknowledgedLongAfterAllOfItWasSent() {
    for (int piece = 0; piece < 100 * 16; piece++) {
      budget.sent(MEGABYTE / 16);
    }
    acknowledges(100 * MEGABYTE);
  }

  @Test
  void piecesThatAreSmallMayBeAcknowledgedEach() {
    for (int i = 0; i < 100_000; i++) {
      budget.sent(1);
      assertThat(budget.update(0) && budget.update(0)).as("after piece %d", i).isTrue();
    }
  }

  @Test
  void whoAcknowledgesByteAfterByteRunsOut() {
    budget.sent(MEGABYTE);
    int updates = 0;
    while (budget.update(0)) {
      updates++;
    }
    assertThat(updates).isLessThan(4_000);
  }

  @Test
  void whatWasSentBuysNothingElse() {
    int pings = 0;
    while (budget.spend(FloodBudget.PING, 0)) {
      pings++;
    }
    for (int piece = 0; piece < 16; piece++) {
      budget.sent(MEGABYTE / 16);
    }
    int more = 0;
    while (budget.spend(FloodBudget.PING, 0)) {
      more++;
    }
    assertThat(more).as("PINGs after %d", pings).isLessThanOrEqualTo(16);
  }

  @Test
  void whoFloodsSteadilyRunsOutHoweverSlowlyHeDoes() {
    assertThat(pings(Duration.ofMillis(10))).isLessThan(PINGS_IN_AN_HOUR / 10);
  }

  @Test
  void whoPingsFiftyTimesASecondMayDoSoForEver() {
    assertThat(pings(Duration.ofMillis(20))).isEqualTo(PINGS_IN_AN_HOUR);
  }

  /** How many go through, one at each beat. */
  private int pings(Duration beat) {
    int pings = 0;
    while (pings < PINGS_IN_AN_HOUR && budget.spend(FloodBudget.PING, pings * beat.toNanos())) {
      pings++;
    }
    return pings;
  }

  private void acknowledges(int bytes) {
    for (int at = 0; at < bytes; at += ACKNOWLEDGED) {
      assertThat(budget.update(0)).as("of the stream, at %d", at).isTrue();
      assertThat(budget.update(0)).as("of the connection, at %d", at).isTrue();
    }
  }
}
