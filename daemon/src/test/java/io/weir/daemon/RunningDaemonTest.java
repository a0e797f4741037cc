package io.weir.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.daemon.cli.ExitCode;
import io.weir.daemon.config.ConfigSource;
import io.weir.daemon.service.DaemonUnderTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Which Weir is asked by a command that speaks to one that runs. */
@Timeout(60)
class RunningDaemonTest {
  private static final String RUNS =
      """
      version: 1
      listeners: { web: { bind: "127.0.0.1:0" } }
      routes: [{ respond: { status: 200 } }]
      admin: { bind: "127.0.0.1:0" }
      """;

  @TempDir private Path folder;
  private Path served;

  @BeforeEach
  void aFolderOfItsOwn() throws IOException {
    served = Files.createDirectory(folder.resolve("served"));
  }

  private String file(String text) throws IOException {
    return Files.writeString(folder.resolve("other.yaml"), text).toString();
  }

  private static int port(DaemonUnderTest weir) {
    return weir.daemon().adminAddress().getPort();
  }

  @Test
  void aFileWithMistakesElsewhereStillLeadsThere() throws Exception {
    try (DaemonUnderTest weir = DaemonUnderTest.start(served, RUNS)) {
      String broken =
          """
          version: 1
          listeners: { web: { bnd: "127.0.0.1:0", tls: { certificates: [none] } } }
          certificates: { gone: { cert: gone.pem, key: gone.key } }
          pools: { app: { backends: ["${NOT_SET_ANYWHERE}:80"] } }
          routes: [{ pool: ap }]
          admin: { bind: "127.0.0.1:%d" }
          """
              .formatted(port(weir));
      CommandRun status = CommandRun.of("status", "-c", file(broken));
      assertThat(status.err()).isEmpty();
      assertThat(status.code()).isEqualTo(ExitCode.OK);
      assertThat(status.out()).contains(weir.file() + " ");
    }
  }

  @Test
  void nobodyIsAskedWhereTheFileDoesNotSayWhom() throws Exception {
    String[][] unclear = {
      {"version: 1\nadmin: { bind: \"127.0.0.1:${NOT_SET_ANYWHERE}\" }\n", ":2:16: "},
      {"version: 1\nadmin: { bnd: \"127.0.0.1:1\" }\n", "unknown key \"bnd\""},
      {"version: 1\nadmin: { bind: \"192.0.2.1:1\" }\n", "a loopback address"},
      {"version: 1\nadimn: { bind: \"127.0.0.1:1\" }\n", "did you mean \"admin\"?"},
      {"version: 1\nadmin: { bind: \"127.0.0.1:1\"\n", "other.yaml:"},
      {"version: 1\nadmin:\n  bind: \"127.0.0.1:1\"\nadmin:\n  bind: \"127.0.0.1:2\"\n", "again"},
      {"version: 1\ninclude: [bad.yaml]\n", "bad.yaml:1:"},
      {"", "nothing in the file"},
      {"- 1\n", "a map that begins with version: 1"},
    };
    Files.writeString(folder.resolve("bad.yaml"), "{");
    for (String[] each : unclear) {
      for (String[] command :
          new String[][] {
            {"status"}, {"reload"}, {"rules"}, {"ban", "list"}, {"explain", "--request-id", "a"}
          }) {
        CommandRun run = asked(command, "-c", file(each[0]));
        assertThat(run.err())
            .contains(each[1])
            .endsWith(
                "weir: "
                    + folder.resolve("other.yaml")
                    + " does not say where the running Weir listens for commands (--admin ADDRESS"
                    + " says it, like --admin 127.0.0.1:9717)\n");
        assertThat(run.code()).isEqualTo(ExitCode.INVALID);
        assertThat(run.out()).isEmpty();
      }
    }
  }

  private static CommandRun asked(String[] command, String... more) {
    String[] all = new String[command.length + more.length];
    System.arraycopy(command, 0, all, 0, command.length);
    System.arraycopy(more, 0, all, command.length, more.length);
    return CommandRun.of(all);
  }

  @Test
  void aFileThatIsNotThereIsNotTakenForTheUsualPlace() {
    CommandRun run = CommandRun.of("reload", "-c", folder.resolve("none.yaml").toString());
    assertThat(run.code()).isEqualTo(ExitCode.INVALID);
    assertThat(run.err()).contains("none.yaml:1:1: cannot be read: ");
  }

  @Test
  void anAddressNeedsNoFile() throws Exception {
    try (DaemonUnderTest weir = DaemonUnderTest.start(served, RUNS)) {
      assertThat(CommandRun.of("status", weir.admin(), "-c", file("{")).code())
          .isEqualTo(ExitCode.OK);
    }
  }

  @Test
  void whatIsInAnIncludedFileIsFound() throws Exception {
    try (DaemonUnderTest weir = DaemonUnderTest.start(served, RUNS)) {
      Files.writeString(
          folder.resolve("admin.yaml"), "admin: { bind: \"127.0.0.1:" + port(weir) + "\" }\n");
      assertThat(CommandRun.of("status", "-c", file("version: 1\ninclude: [admin.yaml]\n")).code())
          .isEqualTo(ExitCode.OK);
    }
  }

  @Test
  void aReloadNamesTheFileThatServesNow() throws Exception {
    try (DaemonUnderTest weir = DaemonUnderTest.start(served, RUNS)) {
      String other = file(RUNS.replace("127.0.0.1:0", "127.0.0.1:" + port(weir)));
      CommandRun reload = CommandRun.of("reload", "-c", other);
      assertThat(reload.code()).isEqualTo(ExitCode.OK);
      assertThat(reload.out())
          .isEqualTo(
              """
              reloaded %s %s, generation 2
              note: %s is another file, and does not serve
              """
                  .formatted(weir.file(), ConfigSource.file(weir.file()).hash(), other));
      assertThat(CommandRun.of("reload", weir.admin()).out())
          .isEqualTo(
              "reloaded %s %s, generation 3\n"
                  .formatted(weir.file(), ConfigSource.file(weir.file()).hash()));
      assertThat(CommandRun.of("reload", "--help").out().replaceAll("\\s+", " "))
          .contains("that it was started with; -c only says where that Weir is");
    }
  }
}
