package io.weir.daemon.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.daemon.admin.ReloadResult;
import io.weir.daemon.fetch.ListServer;
import io.weir.daemon.state.ListCopy;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Callable;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Lists by URL, from a real server into a daemon that serves. */
class FetchedListsTest {
  private static final String TEXT =
      """
      version: 1
      listeners: { web: { bind: "127.0.0.1:0" } }
      lists:
        blocked: { url: "%s", every: 1s%s }
      firewall:
        rules:
          - { name: blocked, match: { ip: { in: blocked }, path: /* }, action: { deny: 403 } }
      routes: [{ respond: { status: 200 } }]
      admin: { bind: "127.0.0.1:0" }
      """;

  @TempDir private Path folder;
  private ListServer server;

  @BeforeEach
  void startServer() throws IOException {
    server = ListServer.http();
  }

  @AfterEach
  void stopServer() {
    server.close();
  }

  private DaemonUnderTest start(String more) throws Exception {
    Path state = Files.createDirectories(folder.resolve("state"));
    return DaemonUnderTest.start(
        folder,
        TEXT.formatted(server.url("/blocked.txt"), more),
        Map.of("STATE_DIRECTORY", state.toString()));
  }

  private static void awaits(String what, Callable<Boolean> condition) {
    Awaitility.await(what).atMost(Duration.ofSeconds(30)).until(condition);
  }

  private static int status(DaemonUnderTest daemon) throws Exception {
    return daemon.get("/").statusCode();
  }

  private static boolean failed(DaemonUnderTest daemon, int atLeast) throws Exception {
    return daemon
        .page("/metrics")
        .lines()
        .filter(line -> line.startsWith("weir_list_load_errors_total{list=\"blocked\"} "))
        .anyMatch(line -> Double.parseDouble(line.split(" ", 2)[1]) >= atLeast);
  }

  @Test
  void aListIsFetchedFollowedAndKept() throws Exception {
    server.has("/blocked.txt", "127.0.0.0/8\n");
    try (DaemonUnderTest daemon = start("")) {
      awaits("the list", () -> status(daemon) == 403);
      server.has("/blocked.txt", "192.0.2.0/24\n");
      awaits("its next version", () -> status(daemon) == 200);
      server.has("/blocked.txt", "127.0.0.0/8\n");
      awaits("the one after", () -> status(daemon) == 403);
      server.has("/blocked.txt", "nonsense\n");
      awaits("the refusal of one that is none", () -> failed(daemon, 1));
      server.answers("/blocked.txt", 500);
      awaits("the refusal of an error", () -> failed(daemon, 2));
      assertThat(status(daemon)).as("the last good one stays").isEqualTo(403);
      assertThat(daemon.daemon().operations().process().lastReload()).isEqualTo("ok");
    }
    server.close();
    try (DaemonUnderTest daemon = start("")) {
      assertThat(status(daemon)).as("without the network, from the start").isEqualTo(403);
      awaits("a sign that it is old", () -> failed(daemon, 1));
      assertThat(status(daemon)).isEqualTo(403);
    }
  }

  @Test
  void whatAFileSaysHoldsUntilTheFirstVersionComes() throws Exception {
    Files.writeString(folder.resolve("first.txt"), "127.0.0.1\n");
    server.answers("/blocked.txt", 503);
    try (DaemonUnderTest daemon = start(", file: first.txt")) {
      assertThat(status(daemon)).isEqualTo(403);
      server.has("/blocked.txt", "192.0.2.0/24\n");
      awaits("the list", () -> status(daemon) == 200);
    }
    try (DaemonUnderTest daemon = start(", file: first.txt")) {
      assertThat(status(daemon)).as("the copy goes before the file").isEqualTo(200);
    }
  }

  /** A list comes, and the next start is to take it from elsewhere, where it cannot be had yet. */
  private void comesAndMoves() throws Exception {
    server.has("/blocked.txt", "127.0.0.0/8\n");
    try (DaemonUnderTest daemon = start("")) {
      awaits("the list", () -> status(daemon) == 403);
    }
    ListServer other = ListServer.http();
    server.close();
    server = other.answers("/blocked.txt", 503);
  }

  @Test
  void theCopyOfAnotherPlaceHoldsFromTheStartUntilTheListHasCome() throws Exception {
    comesAndMoves();
    try (DaemonUnderTest daemon = start("")) {
      assertThat(status(daemon)).isEqualTo(403);
      awaits("a failure there", () -> failed(daemon, 1));
      ReloadResult.Reloaded reloaded =
          (ReloadResult.Reloaded) daemon.daemon().operations().reload().get();
      assertThat(reloaded.notes())
          .containsExactly(
              "lists.blocked: what it held goes on to hold until it has come from "
                  + server.url("/blocked.txt"));
      assertThat(status(daemon)).as("after a reload").isEqualTo(403);
      server.has("/blocked.txt", "192.0.2.0/24\n");
      awaits("the list from there", () -> status(daemon) == 200);
    }
  }

  @Test
  void theCopyOfAnotherPlaceIsNotUsedWhereAnotherSumIsWanted() throws Exception {
    comesAndMoves();
    try (DaemonUnderTest daemon = start(", sha256: " + ListServer.sha256("192.0.2.0/24\n"))) {
      assertThat(status(daemon)).isEqualTo(200);
    }
  }

  @Test
  void aFileGoesBeforeTheCopyOfAnotherPlace() throws Exception {
    comesAndMoves();
    Files.writeString(folder.resolve("first.txt"), "192.0.2.0/24\n");
    try (DaemonUnderTest daemon = start(", file: first.txt")) {
      assertThat(status(daemon)).isEqualTo(200);
    }
  }

  @Test
  void aCopyThatIsNoListOfItsTypeKeepsNothingFromStarting() throws Exception {
    comesAndMoves();
    Path copy = folder.resolve("state/lists/blocked.txt");
    Files.writeString(copy, Files.readString(copy) + "sqlmap\n");
    try (DaemonUnderTest daemon = start("")) {
      assertThat(status(daemon)).isEqualTo(200);
      server.has("/blocked.txt", "127.0.0.0/8\n");
      awaits("the list from there", () -> status(daemon) == 403);
    }
  }

  @Test
  void aCopyOfTheSamePlaceThatIsNoListOfItsTypeAnyMoreDoesNotEither() throws Exception {
    server.answers("/blocked.txt", 503);
    Path copy = folder.resolve("state/lists/blocked.txt");
    new ListCopy("", "", "sqlmap\n".getBytes(StandardCharsets.US_ASCII))
        .write(copy, server.url("/blocked.txt")); // from when it was one of texts
    try (DaemonUnderTest daemon = start("")) {
      assertThat(status(daemon)).isEqualTo(200);
      server.has("/blocked.txt", "127.0.0.0/8\n");
      awaits("the list", () -> status(daemon) == 403);
    }
  }

  @Test
  void whenAListLastCameIsAMetric() throws Exception {
    server.has("/blocked.txt", "127.0.0.0/8\n");
    try (DaemonUnderTest daemon = start("")) {
      awaits("the list, and that it did not change", () -> figure(daemon, "fetches_total") >= 2);
      double last = figure(daemon, "last_fetch_timestamp_seconds");
      assertThat(last).isBetween(1.7e9, 1e10);
      server.answers("/blocked.txt", 500);
      awaits("a failure", () -> failed(daemon, 1));
      double good = figure(daemon, "last_fetch_timestamp_seconds");
      awaits("another one", () -> failed(daemon, 2));
      assertThat(figure(daemon, "last_fetch_timestamp_seconds")).isEqualTo(good);
      server.has("/blocked.txt", "127.0.0.0/8\n");
      awaits("the list", () -> figure(daemon, "last_fetch_timestamp_seconds") > good);
    }
  }

  private static double figure(DaemonUnderTest daemon, String name) throws Exception {
    return daemon
        .page("/metrics")
        .lines()
        .filter(line -> line.startsWith("weir_list_" + name + "{list=\"blocked\"} "))
        .mapToDouble(line -> Double.parseDouble(line.split(" ", 2)[1]))
        .sum();
  }

  @Test
  void aListThatAReloadDropsIsNotFetchedAnyMoreAndItsCopyIsRemoved() throws Exception {
    server.has("/blocked.txt", "192.0.2.0/24\n").has("/other.txt", "192.0.2.0/24\n");
    Path copies = folder.resolve("state/lists");
    try (DaemonUnderTest daemon = start("")) {
      awaits("the copy", () -> Files.exists(copies.resolve("blocked.txt")));
      Files.writeString(copies.resolve("mine.txt"), "not a copy");
      String text = Files.readString(daemon.file()).replace("blocked", "other");
      Files.writeString(daemon.file(), text);
      assertThat(daemon.daemon().operations().reload().get())
          .isInstanceOf(ReloadResult.Reloaded.class);
      long before = asked("/blocked.txt");
      long others = asked("/other.txt");
      awaits("more looks at what is left", () -> asked("/other.txt") >= others + 3);
      assertThat(asked("/blocked.txt"))
          .as("one look may have been under way")
          .isLessThanOrEqualTo(before + 1);
      assertThat(copies.resolve("blocked.txt")).doesNotExist();
      assertThat(copies.resolve("other.txt")).exists();
      assertThat(copies.resolve("mine.txt")).exists();
      assertThat(daemon.page("/metrics"))
          .contains("weir_list_last_fetch_timestamp_seconds{list=\"blocked\"} NaN");
    }
  }

  @Test
  void aListThatAReloadTakesFromElsewhereHoldsOnUntilItHasCome() throws Exception {
    server.has("/blocked.txt", "127.0.0.0/8\n").answers("/new.txt", 503);
    Path office = Files.writeString(folder.resolve("office.txt"), "192.0.2.1\n");
    try (DaemonUnderTest daemon = start("}\n  office: { file: office.txt")) {
      awaits("the list", () -> status(daemon) == 403);
      String text = Files.readString(daemon.file()).replace("/blocked.txt", "/new.txt?key=secret");
      Files.writeString(daemon.file(), text);
      ReloadResult.Reloaded reloaded =
          (ReloadResult.Reloaded) daemon.daemon().operations().reload().get();
      assertThat(reloaded.notes())
          .containsExactly(
              "lists.blocked: what it held goes on to hold until it has come from "
                  + server.url("/new.txt?..."));
      assertThat(status(daemon)).isEqualTo(403);
      awaits("a failure there", () -> failed(daemon, 1));
      Files.writeString(office, "192.0.2.1\n192.0.2.2\n");
      awaits(
          "a reload of another list",
          () -> daemon.page("/metrics").contains("weir_list_entries{list=\"office\"} 2"));
      assertThat(status(daemon)).as("also after that").isEqualTo(403);
      server.has("/new.txt", "192.0.2.0/24\n");
      awaits("the list from there", () -> status(daemon) == 200);
    }
  }

  @Test
  void whatAnInlineListSaidHoldsUntilItComesFromElsewhere() throws Exception {
    server.answers("/blocked.txt", 503);
    Path state = Files.createDirectories(folder.resolve("state"));
    String later = TEXT.formatted(server.url("/blocked.txt"), "");
    String now = later.replaceFirst("blocked: \\{ url.*", "blocked: [127.0.0.1]");
    try (DaemonUnderTest daemon =
        DaemonUnderTest.start(folder, now, Map.of("STATE_DIRECTORY", state.toString()))) {
      assertThat(status(daemon)).isEqualTo(403);
      Files.writeString(daemon.file(), later);
      assertThat(daemon.daemon().operations().reload().get())
          .isInstanceOf(ReloadResult.Reloaded.class);
      assertThat(status(daemon)).isEqualTo(403);
      Files.writeString(daemon.file(), later.replace("blocked", "others"));
      ReloadResult.Reloaded other =
          (ReloadResult.Reloaded) daemon.daemon().operations().reload().get();
      assertThat(other.notes())
          .containsExactly(
              "lists.others: there is nothing in it until it has come from "
                  + server.url("/others.txt"));
      assertThat(status(daemon)).as("another list").isEqualTo(200);
    }
  }

  private long asked(String path) {
    return server.log().stream().filter(line -> line.startsWith(path + " ")).count();
  }

  @Test
  void withoutAFolderForStateThereIsNoStart() {
    String text = TEXT.formatted("https://lists.example/blocked.txt", "");
    assertThatThrownBy(() -> DaemonUnderTest.start(folder, text, Map.of("STATE_DIRECTORY", "")))
        .isInstanceOf(CannotStart.class)
        .hasMessageContaining("lists.blocked.url: there is no folder to keep it in");
  }
}
