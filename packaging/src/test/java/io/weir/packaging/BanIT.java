package io.weir.packaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code weir ban} against a real daemon, which ends and begins again. */
class BanIT {
  @TempDir private Path folder;

  @BeforeEach
  void configure() throws IOException {
    Files.createDirectory(folder.resolve("state"));
    Files.writeString(
        folder.resolve("weir.yaml"),
        """
        version: 1
        listeners: { web: { bind: "127.0.0.1:0" } }
        routes: [{ respond: { status: 200 } }]
        admin: { bind: "127.0.0.1:0", socket: admin.sock }
        """);
  }

  private Weir start() {
    Map<String, String> environment = Map.of("STATE_DIRECTORY", folder.resolve("state").toString());
    return Weir.start(Weir.TREE.resolve("bin/weir"), folder, environment, "run");
  }

  private Weir.Ended ban(String... arguments) {
    String[] command = new String[arguments.length + 1];
    command[0] = "ban";
    System.arraycopy(arguments, 0, command, 1, arguments.length);
    return Weir.run(folder, command);
  }

  @Test
  void whoIsBannedStaysSoOverAnEndAndACrash() {
    try (Weir weir = start()) {
      weir.admin();
      assertThat(weir.stderr()).contains("bans: 0, kept in ");
      assertThat(ban("list").stdout()).isEqualTo("nobody is banned\n");
      Weir.Ended added = ban("add", "192.0.2.7", "--for", "2h", "--reason", "guesses passwords");
      assertThat(added.stdout()).startsWith("192.0.2.7 is banned until 20");
      assertThat(added.code()).isZero();
      assertThat(ban("add", "2001:db8::5").stdout()).startsWith("2001:db8::/64 is banned until 20");
      assertThat(weir.stderr())
          .containsPattern("info  ban added by user [0-9]+, process [0-9]+: 192\\.0\\.2\\.7 until ")
          .contains(": guesses passwords");
      assertThat(ban("list").stdout())
          .containsPattern("ADDRESS +UNTIL +LEFT +TIMES +REASON")
          .containsPattern("192\\.0\\.2\\.7 +20[-0-9T:]+Z +1h59m +1 +guesses passwords")
          .containsPattern("2001:db8::/64 +20[-0-9T:]+Z +59m[0-9]+s +1 +by an operator");
      assertThat(weir.signalled("TERM").ends().code()).isZero();
    }
    try (Weir weir = start()) {
      weir.admin();
      assertThat(weir.stderr()).contains("bans: 2, kept in ");
      assertThat(ban("remove", "2001:db8::7").stdout())
          .isEqualTo("2001:db8::/64 is not banned any more\n");
      assertThat(ban("add", "198.51.100.0/24").code()).isZero();
      Path file = folder.resolve("state/bans");
      await()
          .atMost(Duration.ofSeconds(30))
          .untilAsserted(() -> assertThat(Files.readString(file)).contains("198.51.100.0/24"));
      weir.signalled("KILL").ends();
    }
    try (Weir weir = start()) {
      weir.admin();
      assertThat(weir.stderr()).contains("bans: 2, kept in ");
      assertThat(ban("list", "--json").stdout())
          .contains("\"ip\":\"192.0.2.7\"", "\"ip\":\"198.51.100.0/24\"")
          .doesNotContain("2001:db8");
      assertThat(ban("list", "198.51.100.77").stdout()).contains("198.51.100.0/24");
    }
  }

  @Test
  void whatCannotBeDoneIsSaidAndTheCodeTellsIt() {
    try (Weir weir = start()) {
      weir.admin();
      Weir.Ended notBanned = ban("remove", "192.0.2.7");
      assertThat(notBanned.code()).isEqualTo(4);
      assertThat(notBanned.stderr()).isEqualTo("weir: refused: 192.0.2.7 is not banned\n");
      Weir.Ended noAddress = ban("add", "localhost");
      assertThat(noAddress.code()).isEqualTo(4);
      assertThat(noAddress.stderr()).contains("address: \"localhost\"");
      assertThat(ban("add").code()).isEqualTo(2);
      assertThat(ban().code()).isEqualTo(2);
    }
    Weir.Ended nobody = ban("list");
    assertThat(nobody.code()).isEqualTo(4);
    assertThat(nobody.stderr()).contains("no Weir answers");
  }
}
