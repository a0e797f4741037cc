package io.weir.daemon.cli;

import static org.assertj.core.api.Assertions.assertThat;

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
}
