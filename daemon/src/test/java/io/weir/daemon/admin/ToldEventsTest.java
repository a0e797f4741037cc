package io.weir.daemon.admin;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ToldEventsTest {
  private final ToldEvents told = new ToldEvents(36);

  @Test
  void whoKnewNothingLearnsWhereHeIs() {
    assertThat(told.since(null)).isEqualTo("id: 10-0\n\n");
    assertThat(told.add("refusal", "{}")).isEqualTo("id: 10-1\nevent: refusal\ndata: {}\n\n");
    assertThat(told.since(null)).isEqualTo("id: 10-1\n\n");
  }

  @Test
  void whoComesBackIsToldWhatHeMissedAndNothingTwice() {
    String one = told.add("refusal", "1");
    String two = told.add("dropped", "2");
    String three = told.add("refusal", "3");
    assertThat(told.since("10-0")).isEqualTo(one + two + three);
    assertThat(told.since("10-1")).isEqualTo(two + three);
    assertThat(told.since("10-3")).isEqualTo("id: 10-3\n\n");
  }

  @Test
  void whoComesBackTooLateIsToldHowManyHeMissed() {
    for (int i = 1; i <= 1030; i++) {
      told.add("refusal", "" + i);
    }
    assertThat(told.since("10-4"))
        .startsWith(
            "id: 10-6\nevent: dropped\ndata: {\"count\":2}\n\nid: 10-7\nevent: refusal\ndata: 7\n")
        .endsWith("id: 10-1030\nevent: refusal\ndata: 1030\n\n");
    assertThat(told.since("10-6")).startsWith("id: 10-7\n");
  }

  @Test
  void theIdOfAnotherProcessMeansNothing() {
    told.add("refusal", "1");
    for (String id : new String[] {"11-1", "10-2", "10--1", "", "x", "10-99999999999999999999"}) {
      assertThat(told.since(id)).as(id).isEqualTo("id: 10-1\nevent: restarted\ndata: {}\n\n");
    }
  }
}
