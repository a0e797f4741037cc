package io.weir.core.http2;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.worker.HeadMemory;
import org.junit.jupiter.api.Test;

/** What connections of HTTP/2 hold, when there is no more room on their worker. */
class HeldHeadsTest {
  private static final int HEAD = 16 * 1024;
  private static final int OF_ALL = 1 << 20;
  private static final int RESERVE = OF_ALL / 2;

  private final HeadMemory worker = new HeadMemory();
  private final HeldHeads large = connection();

  HeldHeadsTest() {
    worker.atMost(OF_ALL);
    assertThat(takesAll(large)).isEqualTo(OF_ALL);
  }

  private HeldHeads connection() {
    return new HeldHeads(worker);
  }

  /** As many heads as it can have; how many bytes that is. */
  private static int takesAll(HeldHeads connection) {
    int taken = 0;
    while (connection.take(HEAD)) {
      taken += HEAD;
    }
    return taken;
  }

  @Test
  void whoHoldsLittleHasTheReserveThenOneRequest() {
    for (int used = 0; used < RESERVE; used += HeldHeads.OF_RESERVE) {
      assertThat(takesAll(connection())).isEqualTo(HeldHeads.OF_RESERVE);
    }
    for (int i = 0; i < 10; i++) {
      assertThat(takesAll(connection())).isEqualTo(HEAD);
    }
    assertThat(worker.held()).isEqualTo(OF_ALL + RESERVE + 10 * HEAD);
  }

  @Test
  void whatIsGivenBackIsThereForOthers() {
    large.add(-HEAD);
    HeldHeads other = connection();
    assertThat(takesAll(other)).isEqualTo(HeldHeads.OF_RESERVE);
    assertThat(large.take(HEAD)).isFalse();
    other.add(-HeldHeads.OF_RESERVE);
    assertThat(takesAll(large)).isEqualTo(HEAD);
  }
}
