package io.weir.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.jr.ob.JSON;
import io.weir.daemon.config.rule.MmdbWriter;
import io.weir.daemon.service.DaemonUnderTest;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReplayCommandTest {
  private static final String CANDIDATE =
      """
      version: 1
      listeners: { web: { bind: ":8080" } }
      firewall:
        rules:
          - { name: office, match: { ip: 198.51.100.0/24 }, action: allow }
          - { name: trial, match: { header: { user-agent: { prefix: curl } } }, action: drop, mode: report }
          - { name: closed, match: { path: /admin/* }, action: { deny: 403 } }
          - { name: guessing, match: { path: /login, response_status: 401 }, action: { limit: { key: ip, rate: 2/h, burst: 2, then: { ban: 10m } } } }
          - { name: session, match: { cookie: { sid: { present: false } } }, action: { deny: 403 } }
          - { name: at-once, action: { concurrency: { key: ip, at_most: 1 } } }
      routes: [{ respond: { status: 200 } }]
      """;

  @TempDir private Path folder;

  private String candidate(String text) throws IOException {
    return "-c" + Files.writeString(folder.resolve("candidate.yaml"), text);
  }

  private static String combined(String client, String time, String target, int status) {
    return "%s - - [22/Nov/2026:%s +0000] \"GET %s HTTP/1.1\" %d 10 \"-\" \"curl/8\"\n"
        .formatted(client, time, target, status);
  }

  private static String json(String client, String time, double millis, String path, String more) {
    return """
    {"ts":"2026-11-22T%sZ","client_ip":"%s","method":"GET","host":"a.test","path":"%s",\
    "protocol":"HTTP/1.1","duration_ms":%.3f,"listener":"web","route":"r",%s}
    """
        .formatted(time, client, path, millis, more);
  }

  private static final String OK = "\"status\":200,\"backend\":\"b\",\"outcome\":\"ok\"";

  private CommandRun replay(String log, String... more) throws IOException {
    Path file = Files.writeString(folder.resolve("access.log"), log);
    String[] all = new String[more.length + 3];
    all[0] = "replay";
    all[1] = file.toString();
    all[2] = candidate(CANDIDATE);
    System.arraycopy(more, 0, all, 3, more.length);
    return CommandRun.of(all);
  }

  @Test
  void aLogThatIsNoneIsNotTakenForAQuietDay() throws IOException {
    CommandRun run = replay("nonsense\nmore of it\n");
    assertThat(run.code()).isEqualTo(3);
    assertThat(run.out()).isEmpty();
    assertThat(run.err())
        .isEqualTo(
            "weir: no line of "
                + folder.resolve("access.log")
                + " can be read as combined or JSON (2 tried)\n");
    assertThat(replay("").code()).isZero();
  }

  @Test
  void aCombinedLogSaysWhatTheCandidateWouldHaveDecidedAndWhatItCannotSay() throws IOException {
    StringBuilder log = new StringBuilder();
    log.append(combined("198.51.100.9", "10:00:00", "/admin/a", 200));
    log.append(combined("192.0.2.1", "10:00:01", "/x%2F..%2Fadmin/b?token=1", 200));
    log.append(combined("192.0.2.1", "10:00:02", "/wp-login.php", 403));
    for (int i = 0; i < 4; i++) { // two are counted, the third bans, the fourth is banned
      log.append(combined("192.0.2.2", "10:01:0" + i, "/login", 401));
    }
    log.append(combined("192.0.2.2", "10:20:00", "/", 200)); // the ban is over by then
    log.append("nonsense\n");
    CommandRun run = replay(log.toString());
    assertThat(run.err()).matches("replayed in [0-9.]+ s, [0-9,]+ requests a second\n");
    assertThat(run.out())
        .isEqualTo(
            """
            8 requests from 2026-11-22T10:00:00Z to 2026-11-22T10:20:00Z
            lines that cannot be read: 1

                                      REQUESTS  SHARE
            refused then                     1  12.50 %
            refused by the candidate         3  37.50 %
            newly refused                    3  37.50 %
            newly permitted                  1  12.50 %

            RULE      ACTION       MODE     MATCHES  NEWLY REFUSED
            office    allow        enforce        1              0
            trial     drop         report         6              0
            closed    deny         enforce        1              1
            guessing  limit        enforce        1              1
            session   deny         enforce        -              -
            at-once   concurrency  enforce        -              -
            (banned)                              1              1

            Newly refused:
              closed: 1
                2026-11-22T10:00:01Z 192.0.2.1 GET /x%2F..%2Fadmin/b 200
              guessing: 1
                2026-11-22T10:01:02Z 192.0.2.2 GET /login 401
              (banned): 1
                2026-11-22T10:01:03Z 192.0.2.2 GET /login 401

            Newly permitted, refused then by:
              403: 1
                2026-11-22T10:00:02Z 192.0.2.1 GET /wp-login.php 403

            Left out, since this log cannot judge them:
              session: the log does not hold cookie.sid
              at-once: the log does not tell how long requests took

            A combined log does not say who refused: 403, 429 and no answer are taken for refusals.
            It has no host and no name of a route, and statuses are taken for those of backends.
            Connections that were refused when they were accepted are in no access log.
            Clients that are refused behave otherwise than those in the log did.
            """);
    assertThat(run.code()).isZero();
  }

  @Test
  void aJsonLogTellsWhoRefusedAndHowLongRequestsTook() throws IOException {
    String log =
        json("192.0.2.1", "10:00:00.5", 100, "/second", OK) // the log is in the order of ends
            + json("192.0.2.1", "10:00:00.0", 900, "/first", OK)
            + json("192.0.2.1", "10:00:02.0", 10, "/third", OK)
            + json(
                "192.0.2.3",
                "10:00:03",
                1,
                "/a",
                "\"status\":403,\"outcome\":\"denied\",\"rule\":\"session\"")
            + json("192.0.2.4", "10:00:03", 1, "/b", "\"status\":403,\"outcome\":\"banned\"")
            + json(
                "192.0.2.5",
                "10:00:03",
                1,
                "/c",
                "\"status\":403,\"outcome\":\"denied\",\"rule\":\"old\"")
            + json(
                "192.0.2.6",
                "10:00:04",
                1,
                "/d",
                "\"status\":403,\"backend\":\"b\",\"outcome\":\"ok\"");
    Path packed = folder.resolve("access.log.1.gz");
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(packed))) {
      out.write(log.getBytes(StandardCharsets.UTF_8));
    }
    CommandRun run =
        CommandRun.of("replay", packed.toString(), candidate(CANDIDATE), "--format=json");
    Map<String, Object> json = JSON.std.mapFrom(run.out());
    assertThat(json)
        .containsEntry("log", "json")
        .containsEntry("requests", 7)
        .containsEntry("refused_then", 3)
        .containsEntry("refused", 1)
        .containsEntry("newly_refused", 1)
        .containsEntry("newly_permitted", 1)
        .containsEntry("unclear", 2)
        .containsEntry("left_out", Map.of("session", "the log does not hold cookie.sid"));
    assertThat(json.get("permitted").toString()).contains("rule=old").contains("/c 403");
    assertThat(json.get("rules").toString())
        .contains(
            "{rule=at-once, matches=1, newly_refused=1,"
                + " examples=[2026-11-22T10:00:00Z 192.0.2.1 GET a.test/second 200]}");
  }

  @Test
  void countriesAndNetworksAreThoseOfTheCandidatesDatabases() throws IOException {
    Path databases = Files.createDirectories(folder.resolve("databases"));
    Files.write(
        databases.resolve("countries.mmdb"),
        new MmdbWriter()
            .add("192.0.2.0/25", MmdbWriter.country("DE"))
            .add("2001:db8:1::/48", MmdbWriter.country("FR"))
            .bytes());
    Files.write(
        databases.resolve("networks.mmdb"),
        new MmdbWriter().add("198.51.100.0/24", Map.of("autonomous_system_number", 64496)).bytes());
    String text =
        """
        version: 1
        listeners: { web: { bind: ":8080" } }
        firewall:
          databases: { country: databases/countries.mmdb, asn: databases/networks.mmdb }
          rules:
            - { name: not-here, match: { country: [DE, FR] }, action: { deny: 451 } }
            - { name: hosters, match: { asn: AS64496 }, action: { deny: 403 } }
            - { name: home, match: { path: /home, not: { country: DE } }, action: { deny: 406 } }
        routes: [{ respond: { status: 200 } }]
        """;
    Path log =
        Files.writeString(
            folder.resolve("access.log"),
            combined("192.0.2.7", "10:00:00", "/", 200)
                + combined("2001:db8:1::7", "10:00:01", "/", 200)
                + combined("198.51.100.1", "10:00:02", "/", 200)
                + combined("192.0.2.200", "10:00:03", "/home", 200)
                + combined("192.0.2.200", "10:00:04", "/", 200));
    Map<String, Object> json =
        JSON.std.mapFrom(
            CommandRun.of("replay", log.toString(), candidate(text), "--format=json").out());
    assertThat(json).containsEntry("newly_refused", 4).containsEntry("left_out", Map.of());
    assertThat(json.get("rules").toString())
        .contains(
            "{rule=not-here, matches=2,", "{rule=hosters, matches=1,", "{rule=home, matches=1,");
  }

  @Test
  void whetherARouteKeepsAnEncodedSlashIsKnownWhereTheLogNamesTheRoute() throws IOException {
    String text =
        """
        version: 1
        listeners: { web: { bind: ":8080" } }
        firewall:
          normalize_path: strict
          rules:
            - { name: closed, match: { path: /admin/* }, action: { deny: 403 } }
        routes:
          - { name: keeps, match: { path: /files/* }, respond: { status: 200 }, encoded_slash: keep }
          - { name: r, respond: { status: 200 } }
        """;
    String named =
        json("192.0.2.1", "10:00:00", 1, "/x%2F..%2Fadmin", OK) // on route r: 400
            + json("192.0.2.1", "10:00:01", 1, "/files/a%5Cb", OK).replace("\"r\"", "\"keeps\"")
            + json("192.0.2.1", "10:00:02", 1, "/files/a%2Fb", OK).replace("\"r\"", "\"keeps\"")
            + json("192.0.2.1", "10:00:03", 1, "/files/..%2Fadmin", OK)
                .replace("\"r\"", "\"keeps\"")
            + json("192.0.2.1", "10:00:04", 1, "/files/..%2Fadmin", OK)
                .replace("\"r\"", "\"of yesterday\"");
    assertThat(replayed(named, text))
        .containsEntry("malformed", 2)
        .containsEntry("slashes_taken_as_kept", 1)
        .containsEntry("newly_refused", 2);
    String unnamed =
        combined("192.0.2.1", "10:00:00", "/files/..%2Fadmin", 200)
            + combined("192.0.2.1", "10:00:01", "/files/a%5Cb", 200);
    assertThat(replayed(unnamed, text))
        .containsEntry("malformed", 1)
        .containsEntry("slashes_taken_as_kept", 1)
        .containsEntry("newly_refused", 1);
    assertThat(replayed(unnamed, text.replace(", encoded_slash: keep", "")))
        .containsEntry("malformed", 2)
        .containsEntry("slashes_taken_as_kept", 0)
        .containsEntry("newly_refused", 0);
    assertThat(replayed(unnamed, text.replace("strict", "compatible")))
        .containsEntry("malformed", 0)
        .containsEntry("slashes_taken_as_kept", 0)
        .containsEntry("newly_refused", 1);
  }

  private Map<String, Object> replayed(String log, String candidate) throws IOException {
    Path file = Files.writeString(folder.resolve("access.log"), log);
    String[] all = {"replay", file.toString(), candidate(candidate), "--format=json"};
    return JSON.std.mapFrom(CommandRun.of(all).out());
  }

  @Test
  void aLogThatBeginsInTheMiddleOfALineIsStillKnown() throws IOException {
    String line = json("192.0.2.1", "10:00:00", 1, "/admin/x", OK);
    CommandRun run = replay(line.substring(40) + line, "--format=json");
    assertThat(JSON.std.mapFrom(run.out()))
        .containsEntry("log", "json")
        .containsEntry("unreadable_lines", 1)
        .containsEntry("newly_refused", 1);
  }

  @Test
  void relayedConnectionsAreNoRequests() throws IOException {
    String relayed =
        """
        {"ts":"2026-11-22T10:00:00.000000Z","client_ip":"192.0.2.7","peer_ip":"192.0.2.7",\
        "protocol":"TCP","bytes_in":17,"bytes_out":1234,"duration_ms":12.345,"listener":"db",\
        "pool":"db","attempts":0,"outcome":"no_backend"}
        """;
    String log = relayed + json("192.0.2.1", "10:00:00", 1, "/", OK) + relayed;
    assertThat(replay(log).out())
        .startsWith("1 requests from")
        .contains("relayed connections, which are not judged: 2")
        .doesNotContain("cannot be read");
    assertThat(JSON.std.mapFrom(replay(log, "--format=json").out()))
        .containsEntry("requests", 1)
        .containsEntry("connections", 2)
        .containsEntry("unreadable_lines", 0);
  }

  @Test
  void itsOwnLogReplaysToTheSameDecisions() throws Exception {
    String text =
        """
        version: 1
        workers: 1
        listeners: { web: { bind: "127.0.0.1:0" } }
        firewall:
          rules:
            - { name: closed, match: { path: /admin/* }, action: { deny: 403 } }
            - { name: agents, match: { header: { user-agent: bad } }, action: { deny: 403 }, mode: report }
            - { name: per-client, match: { path: /api/* }, action: { limit: { key: [ip, path], rate: 1/h, burst: 7 } } }
        routes: [{ respond: { status: 200 } }]
        logging: { access: { file: access.log, format: json } }
        admin: { bind: "127.0.0.1:0" }
        """;
    Path log = folder.resolve("access.log");
    Map<String, Object> rules;
    try (DaemonUnderTest weir = DaemonUnderTest.start(folder, text)) {
      for (int i = 0; i < 40; i++) {
        String agent = i % 3 == 0 ? "bad" : "good";
        weir.get(List.of("/", "/admin/x", "/api/a", "/api/b").get(i % 4), "user-agent", agent);
      }
      await().atMost(Duration.ofMinutes(1)).until(() -> Files.readAllLines(log).size() == 40);
      rules = weir.json("/api/v1/firewall/rules");
    }
    CommandRun run =
        CommandRun.of("replay", log.toString(), "-c", folder + "/weir.yaml", "--format=json");
    Map<String, Object> json = JSON.std.mapFrom(run.out());
    assertThat(json)
        .containsEntry("requests", 40)
        .containsEntry("refused_then", 16)
        .containsEntry("refused", 16)
        .containsEntry("newly_refused", 0)
        .containsEntry("newly_permitted", 0)
        .containsEntry("unclear", 0)
        .containsEntry("left_out", Map.of());
    for (Object each : (List<?>) rules.get("rules")) {
      Map<?, ?> rule = (Map<?, ?>) each;
      int hits = (Integer) rule.get("hits") + (Integer) rule.get("would_have_hits");
      assertThat(json.get("rules").toString())
          .contains("{rule=%s, matches=%d, newly_refused=0,".formatted(rule.get("rule"), hits));
    }
  }

  private static final String BROKEN =
      """
      version: 1
      workers: 1
      listeners: { web: { bind: "127.0.0.1:0" } }
      firewall:
        rules:
          - { name: broken, match: { response_status: 500-599 }, action: { limit: { key: ip, rate: 1/h, burst: 1 } } }
      pools: { app: { backends: ["127.0.0.1:%d"] } }
      routes: [{ pool: app }]
      logging: { access: { file: access.log, format: json } }
      admin: { bind: "127.0.0.1:0" }
      """;

  private static Object refused(CommandRun run) throws IOException {
    return JSON.std.mapFrom(run.out()).get("refused");
  }

  @Test
  void whatWeirAnsweredForABackendIsNoAnswerOfItHereAsWhenItHappened() throws Exception {
    Path log = folder.resolve("access.log");
    try (Socket nobody = new Socket()) {
      nobody.bind(new InetSocketAddress("127.0.0.1", 0)); // held, and nobody listens
      String text = BROKEN.formatted(nobody.getLocalPort());
      try (DaemonUnderTest weir = DaemonUnderTest.start(folder, text)) {
        for (int i = 0; i < 4; i++) {
          assertThat(weir.get("/").statusCode()).isEqualTo(502);
        }
        await().atMost(Duration.ofMinutes(1)).until(() -> Files.readAllLines(log).size() == 4);
      }
    }
    String[] asked = {"replay", log.toString(), "-c", folder + "/weir.yaml", "--format=json"};
    assertThat(Files.readString(log)).contains("\"backend\":").contains("connect_failed");
    assertThat(refused(CommandRun.of(asked))).isEqualTo(0);
  }

  @Test
  void ofFailuresTheStatusSaysWhetherABackendHadAnswered() throws IOException {
    String candidate = candidate(BROKEN.formatted(80));
    Map<String, Integer> refused =
        Map.of(
            "\"status\":502,\"backend\":\"b\",\"outcome\":\"ok\"", 2,
            "\"status\":500,\"backend\":\"b\",\"outcome\":\"upstream_reset\"", 2, // cut behind it
            "\"status\":500,\"backend\":\"b\",\"outcome\":\"overload\"", 2, // cut behind it, too
            "\"status\":503,\"backend\":\"b\",\"outcome\":\"overload\"", 0,
            "\"status\":504,\"backend\":\"b\",\"outcome\":\"upstream_timeout\"", 0,
            "\"status\":504,\"backend\":\"b\",\"outcome\":\"connect_timeout\"", 0,
            "\"status\":503,\"outcome\":\"no_backend\"", 0,
            "\"status\":500,\"backend\":\"b\",\"outcome\":\"a word of later\"", 2);
    for (Map.Entry<String, Integer> each : refused.entrySet()) {
      StringBuilder log = new StringBuilder();
      for (int i = 0; i < 3; i++) { // the first one takes the token
        log.append(json("192.0.2.1", "10:00:0" + i, 10, "/", each.getKey()));
      }
      Path file = Files.writeString(folder.resolve("failures.log"), log);
      CommandRun run = CommandRun.of("replay", file.toString(), candidate, "--format=json");
      assertThat(refused(run)).as(each.getKey()).isEqualTo(each.getValue());
    }
  }

  @Test
  void howItEnds() throws IOException {
    assertThat(CommandRun.of("replay").code()).isEqualTo(2);
    String missing = folder.resolve("missing.log").toString();
    CommandRun gone = CommandRun.of("replay", missing, candidate(CANDIDATE));
    assertThat(gone.code()).isEqualTo(3);
    assertThat(gone.err()).isEqualTo("weir: " + missing + ": does not exist\n");
    CommandRun broken = CommandRun.of("replay", missing, candidate("version: 1\nnonsense: 1\n"));
    assertThat(broken.code()).isEqualTo(1);
    assertThat(broken.err()).contains("unknown key");
    assertThat(replay("").out()).startsWith("0 requests from - to -\n");
  }

  @Test
  void whatIsJudgedOnTheBeginningOfAFieldIsCounted() throws IOException {
    String most = "a".repeat(4096);
    String log =
        json("192.0.2.1", "10:00:00", 1, "/" + most.substring(1) + "...", OK)
            + json("192.0.2.1", "10:00:01", 1, "/x", OK + ",\"user_agent\":\"" + most + "...\"")
            + json("192.0.2.1", "10:00:02", 1, "/x", OK + ",\"referer\":\"" + most + "...\"")
            + json("192.0.2.1", "10:00:03", 1, "/x", OK + ",\"user_agent\":\"" + most + "\"")
            + json("192.0.2.1", "10:00:04", 1, "/x", OK + ",\"query\":\"" + most + "...\"")
            + json("192.0.2.1", "10:00:05", 1, "/x...", OK);
    assertThat(replay(log).out())
        .contains("requests judged on a field that the log has cut or lacks: 2\n");
    assertThat(JSON.std.mapFrom(replay(log, "--format=json").out())).containsEntry("cut_fields", 2);
    String apache =
        combined("192.0.2.1", "10:00:00", "/" + most.substring(1) + "...", 200)
            + combined("192.0.2.1", "10:00:00", "/?" + most.substring(2) + "...", 200);
    assertThat(replay(apache).out()).contains("a field that the log has cut or lacks: 1");
    assertThat(replay(json("192.0.2.1", "10:00:05", 1, "/x...", OK)).out())
        .doesNotContain("has cut");
  }

  @Test
  void aLogOfOursSaysWhereItCut() throws Exception {
    String text =
        """
        version: 1
        workers: 1
        listeners: { web: { bind: "127.0.0.1:0" } }
        firewall:
          rules:
            - { name: end, match: { header: { user-agent: { suffix: evil } } }, action: { deny: 403 } }
        routes: [{ respond: { status: 200 } }]
        logging: { access: { file: access.log, format: json } }
        admin: { bind: "127.0.0.1:0" }
        """;
    Path log = folder.resolve("access.log");
    try (DaemonUnderTest weir = DaemonUnderTest.start(folder, text)) {
      assertThat(weir.get("/", "user-agent", "a".repeat(5000) + "evil").statusCode())
          .isEqualTo(403);
      assertThat(weir.get("/", "user-agent", "evil").statusCode()).isEqualTo(403);
      await().atMost(Duration.ofMinutes(1)).until(() -> Files.readAllLines(log).size() == 2);
    }
    CommandRun run =
        CommandRun.of("replay", log.toString(), "-c", folder + "/weir.yaml", "--format=json");
    assertThat(JSON.std.mapFrom(run.out()))
        .containsEntry("refused_then", 2)
        .containsEntry("refused", 1)
        .containsEntry("cut_fields", 1);
  }

  @Test
  void linesThatComeMuchTooLateAreCounted() throws IOException {
    String newest = combined("192.0.2.1", "10:00:00", "/", 200).repeat(5_000);
    CommandRun run = replay(newest + combined("192.0.2.1", "09:00:00", "/", 200).repeat(2));
    assertThat(run.out())
        .startsWith("5,002 requests from 2026-11-22T09:00:00Z")
        .contains("lines out of order, judged too late (expected: the oldest log first): 2\n");
    assertThat(replay(newest).out()).doesNotContain("out of order");
  }

  @Test
  void aLineWithoutEndTakesNoMemory() throws IOException {
    Path log = folder.resolve("access.log");
    byte[] piece = "x".repeat(1 << 20).getBytes(StandardCharsets.US_ASCII);
    try (OutputStream out = Files.newOutputStream(log)) {
      for (int i = 0; i < 300; i++) {
        out.write(piece);
      }
      out.write('\n');
      out.write(combined("192.0.2.1", "10:00:00", "/", 200).getBytes(StandardCharsets.US_ASCII));
    }
    CommandRun run = CommandRun.of("replay", log.toString(), candidate(CANDIDATE));
    assertThat(run.out()).startsWith("1 requests from").contains("lines that cannot be read: 1");
  }

  @Test
  void rulesThatAskAListThatHasNotComeYetAreLeftOut() throws IOException {
    String text =
        """
        version: 1
        listeners: { web: { bind: ":8080" } }
        lists:
          drop: { url: "https://lists.example/drop.txt" }
          robots: { url: "https://lists.example/robots.txt", type: text }
          here: [192.0.2.9]
        firewall:
          rules:
            - { name: strangers, match: { not: { ip: { in: drop } } }, action: { deny: 403 } }
            - { name: robots, match: { header: { user-agent: { contains_any: robots } } }, action: drop }
            - { name: known, match: { ip: { in: here } }, action: { deny: 403 } }
        routes: [{ respond: { status: 200 } }]
        """;
    Path log =
        Files.writeString(
            folder.resolve("access.log"),
            combined("192.0.2.1", "10:00:00", "/", 200)
                + combined("192.0.2.9", "10:00:01", "/", 200));
    CommandRun run = CommandRun.of("replay", log.toString(), candidate(text), "--format=json");
    assertThat(JSON.std.mapFrom(run.out()))
        .containsEntry("newly_refused", 1)
        .containsEntry(
            "left_out",
            Map.of(
                "strangers", "nothing has come yet of list drop",
                "robots", "nothing has come yet of list robots"));
    assertThat(run.err())
        .contains(
            "weir: lists.drop: there is nothing in it until it has come from"
                + " https://lists.example/drop.txt\n");
  }

  private static final String FINGERPRINTS =
      """
      version: 1
      listeners: { web: { bind: ":8080" } }
      firewall:
        rules:
          - { name: none, match: { tls: { ja4: { present: false } } }, action: { deny: 403 } }
          - { name: each, action: { limit: { key: ja4, rate: 1/h, burst: 1 } } }
      routes: [{ respond: { status: 200 } }]
      """;

  private Map<String, Object> fingerprints(String... lines) throws IOException {
    Path log = Files.writeString(folder.resolve("access.log"), String.join("", lines));
    String[] asked = {"replay", log.toString(), candidate(FINGERPRINTS), "--format=json"};
    return JSON.std.mapFrom(CommandRun.of(asked).out());
  }

  private static final String TLS = OK + ",\"tls_version\":\"TLSv1.3\"";

  @Test
  void aFingerprintThatWasNotFoundOutThenIsNotTakenForNone() throws IOException {
    assertThat(fingerprints(json("192.0.2.1", "10:00:00", 1, "/", TLS).repeat(3)))
        .containsEntry("requests", 3)
        .containsEntry("newly_refused", 0)
        .containsEntry(
            "left_out",
            Map.of(
                "none", "the log does not hold tls.ja4", "each", "the log does not hold tls.ja4"));
  }

  @Test
  void fingerprintsThatOnlySomeLinesHoldAreJudgedAndTheOthersCounted() throws IOException {
    String known = TLS + ",\"ja4\":\"t13d1516h2_8daaf6152771_e5627efa2ab1\"";
    assertThat(
            fingerprints(
                json("192.0.2.1", "10:00:00", 1, "/", OK), // in plain text there is none
                json("192.0.2.1", "10:00:01", 1, "/", known),
                json("192.0.2.1", "10:00:02", 1, "/", known),
                json("192.0.2.1", "10:00:03", 1, "/", TLS)))
        .containsEntry("left_out", Map.of())
        .containsEntry("refused", 3) // two without, and the second of the limit
        .containsEntry("cut_fields", 1);
  }
}
