package io.weir.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.jr.ob.JSON;
import io.weir.daemon.service.DaemonUnderTest;
import io.weir.daemon.state.StateDirectory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StatusCommandTest {
  private static final String TEXT =
      """
      version: 1
      listeners: { web: { bind: "127.0.0.1:0" } }
      firewall:
        rules:
          - { name: trial, match: { path: /admin/* }, action: drop, mode: report }
          - { name: closed, match: { path: /admin/* }, action: { deny: 403 } }
      routes: [{ respond: { status: 200 } }]
      admin: { bind: "127.0.0.1:0" }
      """;

  @TempDir private Path folder;

  @Test
  void rulesAreCountedInTheWordsOfTheCommandForRules() throws Exception {
    try (DaemonUnderTest weir = DaemonUnderTest.start(folder, TEXT)) {
      weir.get("/admin/");
      weir.get("/admin/");
      assertThat(CommandRun.of("status", weir.admin()).out())
          .endsWith(
              """

              RULE    ACTION  MODE     HITS  WOULD HAVE HIT
              trial   drop    report      0               2
              closed  deny    enforce     2               0
              """);
    }
  }

  @Test
  void aFolderForStateThatCannotBeUsedIsNotSaidToBeInUse() throws Exception {
    Path file = Files.writeString(folder.resolve("a-file"), "");
    Map<String, String> inFile = Map.of(StateDirectory.VARIABLE, file.resolve("state").toString());
    try (DaemonUnderTest weir = DaemonUnderTest.start(folder, TEXT, inFile)) {
      assertThat(CommandRun.of("status", weir.admin()).out())
          .contains("\nbans are in memory only: " + file.resolve("state/bans") + " cannot be");
    }
    Path usable = Files.createDirectory(folder.resolve("state"));
    Map<String, String> usual = Map.of(StateDirectory.VARIABLE, usable.toString());
    try (DaemonUnderTest weir = DaemonUnderTest.start(folder, TEXT, usual)) {
      assertThat(CommandRun.of("status", weir.admin()).out()).doesNotContain("memory");
      assertThat(weir.json("/api/v1/status").toString())
          .contains(usable.resolve("bans").toString());
    }
  }

  @Test
  void programsAskForJsonAsTheyDoElsewhere() throws Exception {
    try (DaemonUnderTest weir = DaemonUnderTest.start(folder, TEXT)) {
      for (String[] asked :
          new String[][] {
            {"status", weir.admin(), "--format", "json"}, {"status", weir.admin(), "--json"}
          }) {
        assertThat(JSON.std.mapFrom(CommandRun.of(asked).out())).containsKeys("listeners", "rules");
      }
      CommandRun banned = CommandRun.of("ban", "add", weir.admin(), "192.0.2.300");
      assertThat(banned.err())
          .isEqualTo(
              "weir: refused: address: \"192.0.2.300\" (expected: an address or a prefix,"
                  + " like 192.0.2.0/24)\n");
      CommandRun.of("ban", "add", weir.admin(), "192.0.2.30");
      assertThat(CommandRun.of("ban", "list", weir.admin(), "--format", "json").out())
          .isEqualTo(CommandRun.of("ban", "list", weir.admin(), "--json").out())
          .startsWith("{\"ip\":\"192.0.2.30\"");
    }
  }

  @Test
  void poolsWithTheSameBackendHaveFiguresOfTheirOwn() throws Exception {
    String backend = "127.0.0.1:31001";
    Map<String, Object> status =
        JSON.std.mapFrom(
            """
            {"pools":[{"pool":"app","backends":[{"backend":"%1$s"}]},
                      {"pool":"app2","backends":[{"backend":"%1$s"}]}]}
            """
                .formatted(backend));
    Map<String, Object> stats =
        JSON.std.mapFrom(
            """
            {"backends":[{"pool":"app","backend":"%1$s","qps":{"10s":7.0}},
                         {"pool":"app2","backend":"%1$s","qps":{"10s":0.5}}]}
            """
                .formatted(backend));
    assertThat(new StatusText(status, stats).toString().lines())
        .anyMatch(line -> line.matches("app +127[^ ]+ .* 7\\.0 .*"))
        .anyMatch(line -> line.matches("app2 +127[^ ]+ .* 0\\.5 .*"));
  }

  @Test
  void nobodyBansHalfTheWorldByASlip() throws Exception {
    try (DaemonUnderTest weir = DaemonUnderTest.start(folder, TEXT)) {
      String[][] tooWide = {
        {"0.0.0.0/0", "8"}, {"10.0.0.0/7", "8"}, {"::/0", "16"}, {"2000::/15", "16"}
      };
      for (String[] each : tooWide) {
        CommandRun refused = CommandRun.of("ban", "add", weir.admin(), each[0]);
        assertThat(refused.code()).isEqualTo(4);
        assertThat(refused.err())
            .isEqualTo(
                "weir: refused: ip: %s is a large part of all clients (expected: at least /%s, or force)\n"
                    .formatted(each[0], each[1]));
      }
      assertThat(CommandRun.of("ban", "list", weir.admin()).out()).isEqualTo("nobody is banned\n");
      assertThat(CommandRun.of("ban", "add", weir.admin(), "10.0.0.0/8").code()).isZero();
      assertThat(CommandRun.of("ban", "add", weir.admin(), "2001::/16").code()).isZero();
      assertThat(CommandRun.of("ban", "add", "--force", weir.admin(), "198.0.0.0/7").code())
          .isZero();
      assertThat(CommandRun.of("ban", "list", weir.admin()).out())
          .contains("10.0.0.0/8", "2001::/16", "198.0.0.0/7");
    }
  }
}
