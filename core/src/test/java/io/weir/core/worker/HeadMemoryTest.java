package io.weir.core.worker;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class HeadMemoryTest {
  private static final long LEAST = 2 << 20;
  private static final long PART_OF_HEAP = Runtime.getRuntime().maxMemory() / 4;

  @Test
  void aWorkerHasItsShareOfAPartOfTheHeap() {
    assertThat(HeadMemory.within(0, 2)).isEqualTo(PART_OF_HEAP / 2);
    assertThat(HeadMemory.within(Long.MAX_VALUE, 2)).isEqualTo(PART_OF_HEAP / 2);
    assertThat(HeadMemory.within(PART_OF_HEAP / 2, 2)).isEqualTo(PART_OF_HEAP / 4);
  }

  @Test
  void itHasOnePageOfRequestsHoweverLittleIsForAll() {
    assertThat(HeadMemory.within(1 << 20, 1)).isEqualTo(LEAST);
    assertThat(HeadMemory.within(1 << 20, 4)).isEqualTo(LEAST);
  }

  @Test
  void neverDoAllTogetherHaveMoreThanTheirPart() {
    int workers = (int) (PART_OF_HEAP / LEAST) * 2;
    assertThat(HeadMemory.within(1 << 20, workers)).isEqualTo(PART_OF_HEAP / workers);
  }

  @Test
  void beyondItsPartHalfAsMuchAgainIsForThoseWhoHoldLittle() {
    HeadMemory memory = new HeadMemory();
    memory.atMost(1_000);
    memory.add(999);
    assertThat(memory.hasRoomFor(1)).isTrue();
    assertThat(memory.hasRoomFor(2)).isFalse();
    assertThat(memory.hasReserveFor(501)).isTrue();
    assertThat(memory.hasReserveFor(502)).isFalse();
  }
}
