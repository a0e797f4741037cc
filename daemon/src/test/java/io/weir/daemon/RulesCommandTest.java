package io.weir.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.jr.ob.JSON;
import io.weir.daemon.service.DaemonUnderTest;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RulesCommandTest {
  private static final String TEXT =
      """
      version: 1
      listeners: { web: { bind: "127.0.0.1:0" } }
      firewall:
        rules:
          - { name: trial, match: { path: /admin/* }, action: drop, mode: report }
          - { name: closed, match: { path: /admin/* }, action: { deny: 403 } }
          - { name: dead, match: { path: /never }, action: { deny: 403 } }
      routes: [{ respond: { status: 200 } }]
      admin: { bind: "127.0.0.1:0" }
      """;

  @TempDir private Path folder;

  @Test
  void theTableShowsHitsWouldHaveHitsAndTheLastOne() throws Exception {
    try (DaemonUnderTest weir = DaemonUnderTest.start(folder, TEXT)) {
      for (int i = 0; i < 12; i++) {
        weir.get("/admin/");
      }
      CommandRun run = CommandRun.of("rules", weir.admin());
      assertThat(run.code()).isZero();
      assertThat(run.out().replaceAll("20[0-9T:-]{17}Z, [0-9]+ s ago", "WHEN"))
          .isEqualTo(
              """
              RULE    ACTION  MODE     HITS  WOULD HAVE HIT  LAST HIT
              trial   drop    report      0              12  WHEN
              closed  deny    enforce    12               0  WHEN
              dead    deny    enforce     0               0  never
              """);
      Map<String, Object> json =
          JSON.std.mapFrom(CommandRun.of("rules", weir.admin(), "--format", "json").out());
      assertThat(((List<?>) json.get("rules")).get(1).toString())
          .contains("rule=closed", "hits=12", "would_have_hits=0", "last_hit=20");
    }
    assertThat(CommandRun.of("rules", "--admin=127.0.0.1:1").code()).isEqualTo(4);
  }

  @Test
  void howLongAgoIsSaidInTheUnitThatFits() {
    Instant now = Instant.parse("2026-11-22T06:00:00Z");
    for (var each :
        Map.of(
                "2026-11-22T05:59:58.123Z", "2026-11-22T05:59:58Z, 1 s ago",
                "2026-11-22T05:50:30Z", "2026-11-22T05:50:30Z, 9 min 30 s ago",
                "2026-11-22T03:00:30Z", "2026-11-22T03:00:30Z, 2 h 59 min ago",
                "2026-11-19T03:00:30Z", "2026-11-19T03:00:30Z, 3 d 2 h ago")
            .entrySet()) {
      Map<String, Object> rule =
          Map.of("rule", "a", "action", "deny", "mode", "enforce", "last_hit", each.getKey());
      assertThat(RulesText.of(Map.of("rules", List.of(rule)), now)).contains(each.getValue());
    }
    assertThat(RulesText.of(Map.of(), now)).isEqualTo("no rules: everything is let through\n");
  }
}
