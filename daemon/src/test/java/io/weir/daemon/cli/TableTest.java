package io.weir.daemon.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class TableTest {
  @Test
  void numbersStandToTheRight() {
    Table table = new Table("RULE", "MATCHES", "MODE");
    table.row("bad-agents", "7", "enforce");
    table.row("x", "1234567890", "-");
    assertThat(table.toString())
        .isEqualTo(
            """
            RULE           MATCHES  MODE
            bad-agents           7  enforce
            x           1234567890  -
            """);
  }

  @Test
  void manyRowsTakeTimeByTheirNumberNotItsSquare() {
    Table table = new Table("ADDRESS", "TIMES", "REASON");
    for (int i = 0; i < 20_000; i++) {
      table.row("192.0.2." + i, Integer.toString(i), "scraper");
    }
    // Looking at all rows again for each takes minutes.
    String text = assertTimeoutPreemptively(Duration.ofSeconds(20), table::toString);
    assertThat(text.lines()).hasSize(20_001).endsWith("192.0.2.19999  19999  scraper");
  }
}
