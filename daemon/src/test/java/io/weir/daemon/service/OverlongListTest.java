package io.weir.daemon.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A list file that grew beyond what a list may hold, behind a running daemon. */
class OverlongListTest {
  private static final int MOST = 500_000; // texts
  private static final Duration SOON = Duration.ofSeconds(30);
  private static final String TEXT =
      """
      version: 1
      listeners: { web: { bind: "127.0.0.1:0" } }
      lists: { agents: { file: agents.txt, type: text } }
      firewall:
        rules:
          - { name: bad, match: { header: { user-agent: { in: agents } } }, action: { deny: 403 } }
      routes: [{ respond: { status: 200 } }]
      admin: { bind: "127.0.0.1:0" }
      """;

  @TempDir private Path folder;

  private void replace(String content) throws Exception {
    Path next = Files.writeString(folder.resolve("agents.next"), content);
    Files.move(next, folder.resolve("agents.txt"), StandardCopyOption.ATOMIC_MOVE);
  }

  @Test
  void theOldListGoesOnAndItIsSaidWhichLineIsTooMuch() throws Exception {
    replace("evil\n");
    StringBuilder much = new StringBuilder("# too many\n");
    for (int i = 0; i <= MOST; i++) {
      much.append(i).append('\n');
    }
    try (ReloaderLines lines = new ReloaderLines();
        DaemonUnderTest weir = DaemonUnderTest.start(folder, TEXT)) {
      replace(much.toString());
      await()
          .atMost(SOON)
          .until(() ->
              weir.page("/metrics").contains("weir_list_load_errors_total{list=\"agents\"} 1"));
      assertThat(weir.get("/", "user-agent", "evil").statusCode()).isEqualTo(403);
      assertThat(weir.get("/", "user-agent", "17").statusCode()).isEqualTo(200);
      assertThat(weir.page("/metrics")).contains("weir_list_entries{list=\"agents\"} 1");
      String where = folder.resolve("agents.txt") + ":" + (MOST + 2) + ":";
      await() // the list is counted first, then the report is written
          .atMost(SOON)
          .untilAsserted(() ->
              assertThat(lines.all())
                  .anySatisfy(line ->
                      assertThat(line)
                          .startsWith("ERROR")
                          .contains(where, "more than 500,000 entries")));
      await()
          .atMost(SOON)
          .until(() -> weir.page("/metrics").contains("weir_config_last_reload_successful 0"));

      replace("17\n");
      await().atMost(SOON).until(() -> weir.get("/", "user-agent", "evil").statusCode() == 200);
      assertThat(weir.get("/", "user-agent", "17").statusCode()).isEqualTo(403);
    }
  }
}
