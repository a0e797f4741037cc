package io.weir.packaging;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CommandLineIT {
  private static final String VALID =
      """
      version: 1
      listeners:
        web: { bind: "127.0.0.1:0" }
      routes:
        - respond: { status: 200, body: hello }
      admin: { bind: "127.0.0.1:0" }
      """;

  @TempDir private Path folder;

  private Path file(String content) throws IOException {
    return Files.writeString(folder.resolve("weir.yaml"), content);
  }

  private Weir.Ended weir(String... arguments) {
    return Weir.run(folder, arguments);
  }

  @Test
  void aloneItShowsHowToBeginOnOneScreen() {
    Weir.Ended ended = weir();
    assertThat(ended.code()).isZero();
    assertThat(ended.stderr()).isEmpty();
    assertThat(ended.stdout())
        .isEqualTo(
            """
            Weir balances HTTP, HTTPS and TCP over backends, behind a firewall of its own.

            Usage: weir COMMAND [OPTIONS]

              run      serve, in the foreground
              check    say everything that is wrong with a configuration (also: validate, -t)
              reload   make the running Weir read its configuration again
              status   show what the running Weir is doing
              ban      ban addresses in the running Weir, let them in again, list them
              explain  say which way a request would go, rule by rule
              rules    show how often each rule acted, and when it last did
              replay   say what a configuration would have decided on an access log
              demo     try it: three backends, some rules and a dashboard on this machine
              version  show what this is

            Examples:
              weir demo
              weir check -c weir.yaml
              weir run -c weir.yaml

            weir COMMAND --help says more.
            """);
    assertThat(ended.stdout().lines().count()).isLessThanOrEqualTo(24);
  }

  @Test
  void everyCommandHasHelpAndTheRootKnowsItsVersion() {
    for (String command : List.of("run", "check", "reload", "status", "ban", "demo", "version")) {
      Weir.Ended ended = weir(command, "--help");
      assertThat(ended.code()).as(command).isZero();
      assertThat(ended.stdout()).as(command).startsWith("Usage: weir " + command);
    }
    assertThat(weir("--version").stdout()).startsWith("weir ").hasLineCount(1);
    assertThat(weir("version", "--verbose").stdout()).contains("java  ", "netty  ", "tls  ");
  }

  @Test
  void whatIsMistypedIsUsageWithASuggestion() {
    Weir.Ended ended = weir("chek");
    assertThat(ended.code()).isEqualTo(2);
    assertThat(ended.stdout()).isEmpty();
    assertThat(ended.stderr())
        .isEqualTo(
            "weir: there is no command \"chek\": did you mean \"check\"?\n"
                + "`weir --help` shows how\n");
    assertThat(weir("demo", "--seconds", "soon").code()).isEqualTo(2);
  }

  @Test
  void withoutAnyFileRunAndCheckSayWhereTheyLooked() {
    for (String command : List.of("run", "check")) {
      Weir.Ended ended = weir(command);
      assertThat(ended.code()).isEqualTo(2);
      assertThat(ended.stderr())
          .startsWith(
              "weir: no configuration: neither /etc/weir/weir.yaml nor ./weir.yaml exists;"
                  + " name a file with -c\n");
    }
  }

  @Test
  void aValidFileIsValidUnderEveryNameThatPeopleType() throws IOException {
    Path file = file(VALID);
    for (String command : List.of("check", "validate", "-t")) {
      Weir.Ended ended = weir(command, "-c", file.toString());
      assertThat(ended).as(command).isEqualTo(new Weir.Ended(0, "Configuration is valid\n", ""));
    }
    assertThat(weir("check")).isEqualTo(new Weir.Ended(0, "Configuration is valid\n", ""));
    assertThat(weir("check", "--quiet")).isEqualTo(new Weir.Ended(0, "", ""));
  }

  @Test
  void aBrokenFileIsToldWithItsPlacesAndNothingStarts() throws IOException {
    Path file = file(VALID.replace("listeners", "listner").replace("respond", "pool"));
    for (String command : List.of("check", "run")) {
      Weir.Ended ended = weir(command, "-c", file.toString());
      assertThat(ended.code()).as(command).isEqualTo(1);
      assertThat(ended.stdout()).as(command).isEmpty();
      assertThat(ended.stderr())
          .as(command)
          .contains(file + ":2:1: ", "listner", "listeners", "    ^\n")
          .doesNotContain("Exception", "\tat ");
    }
    assertThat(weir("check", "--format", "json", "-c", file.toString()).stdout())
        .startsWith("[")
        .contains("\"line\"", "\"column\"");
    assertThat(weir("check", "-c", "/no/such.yaml").code()).isEqualTo(1);
  }

  @Test
  void anAddressThatIsTakenIsToldWithWhoHasIt() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String address = "127.0.0.1:" + taken.getLocalPort();
      String holder = " by java (process " + ProcessHandle.current().pid() + ")";
      file(VALID.replaceFirst("127.0.0.1:0", address));
      Weir.Ended listener = weir("run");
      assertThat(listener.code()).isEqualTo(3);
      assertThat(listener.stderr())
          .isEqualTo(
              "weir: "
                  + address
                  + ": already in use"
                  + holder
                  + ": stop that, or choose another port\n");
      file(VALID.replace("admin: { bind: \"127.0.0.1:0\"", "admin: { bind: \"" + address + "\""));
      Weir.Ended admin = weir("run");
      assertThat(admin.code()).isEqualTo(3);
      assertThat(admin.stderr()).startsWith("weir: admin.bind: " + address + ": already in use");
      Weir.Ended demo = weir("demo", "--http", Integer.toString(taken.getLocalPort()));
      assertThat(demo.code()).isEqualTo(3);
      assertThat(demo.stdout()).isEmpty();
      assertThat(demo.stderr()).contains(address + ": already in use" + holder);
    }
  }

  @Test
  void aLogThatCannotBeWrittenIsToldBeforeAnythingListens() throws IOException {
    file(VALID + "logging: { access: { file: no/such/folder/access.log } }\n");
    Weir.Ended ended = weir("run");
    assertThat(ended.code()).isEqualTo(3);
    assertThat(ended.stderr())
        .contains("access.log: the access log cannot be written: the folder does not exist");
  }

  @Test
  void withoutADaemonStatusAndReloadSaySo() throws IOException {
    int free;
    try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      free = probe.getLocalPort();
    }
    for (String command : List.of("status", "reload")) {
      Weir.Ended ended = weir(command, "--admin", "127.0.0.1:" + free);
      assertThat(ended.code()).isEqualTo(4);
      assertThat(ended.stderr()).startsWith("weir: no Weir answers at 127.0.0.1:" + free + ": ");
    }
    assertThat(weir("status", "--admin", "unix:/no/such.sock").code()).isEqualTo(4);
    assertThat(weir("status", "--admin", "nonsense").code()).isEqualTo(2);
  }
}
