package io.weir.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.jr.ob.JSON;
import io.weir.daemon.service.DaemonUnderTest;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExplainCommandTest {
  private static final String TEXT =
      """
      version: 1
      workers: 1
      trusted_proxies: [10.0.0.0/8]
      listeners:
        web: { bind: "127.0.0.1:%d" }
        database: { bind: "127.0.0.1:0", mode: tcp, pool: app }
      firewall:
        rules:
          - { name: office, match: { ip: 198.51.100.0/24 }, action: allow }
          - { name: trial, match: { header: { user-agent: { contains: curl } } }, action: { deny: 403 }, mode: report }
          - { name: per-client, action: { limit: { key: ip, rate: 2/h, burst: 2 } } }
          - { name: closed, match: { method: [GET, POST], path: /admin/* }, action: { deny: 403 } }
      pools:
        app:
          backends: ["127.0.0.1:1", { address: "127.0.0.1:2", weight: 3 }, { address: "127.0.0.1:3", backup: true }]
      routes:
        - { match: { host: shop.test, path: /api/* }, pool: app, strip_prefix: /api }
        - { name: rest, respond: { status: 200 } }
      admin: { bind: "127.0.0.1:0" }
      """;

  private static final Pattern ID = Pattern.compile("[0-9a-f]{32}");

  @TempDir private Path folder;

  private String file() throws IOException {
    return Files.writeString(folder.resolve("weir.yaml"), TEXT.formatted(8080)).toString();
  }

  private DaemonUnderTest running() throws Exception {
    return DaemonUnderTest.start(folder, TEXT.formatted(0));
  }

  @Test
  void aFileThatDoesNotRunYetSaysWhichRuleWouldRefuse() throws IOException {
    CommandRun run =
        CommandRun.of(
            "explain",
            "-c",
            file(),
            "--url=http://shop.test:8080/x%2F..%2fadmin",
            "--ip=192.0.2.1",
            "-H",
            "User-Agent: curl/8");
    assertThat(run.err()).isEmpty();
    assertThat(run.out())
        .isEqualTo(
            """
            Request   GET shop.test /x%2F..%2Fadmin from 192.0.2.1
            Listener  web
            Path      /x%2F..%2Fadmin
                      may also be read as /admin, /x/../admin
            Rules
              RULE        ACTION  OUTCOME    BECAUSE                                COUNT
              office      allow   no match   ip: 198.51.100.0/24
              trial       deny    would act  header.user-agent: { contains: curl }
              per-client  limit   passed     everything                             2 left
              closed      deny    matched    method: GET, POST, path: /admin/*
            Decision  deny by rule closed, 403
            Route     rest -> answers 200, if it were permitted
            """);
    assertThat(run.code()).isZero();
  }

  @Test
  void aFileThatDoesNotRunYetSaysWhereAPermittedRequestGoes() throws IOException {
    CommandRun run =
        CommandRun.of(
            "explain",
            "-c",
            file(),
            "--url=http://shop.test:8080/api/cart?id=7",
            "--ip=10.0.0.1",
            "-HX-Forwarded-For: 203.0.113.9, 198.51.100.7",
            "--method=PUT");
    assertThat(run.err()).isEmpty();
    assertThat(run.out())
        .isEqualTo(
            """
            Request   PUT shop.test /api/cart from 198.51.100.7, named by a proxy
            Listener  web
            Rules
              RULE    ACTION  OUTCOME  BECAUSE              COUNT
              office  allow   matched  ip: 198.51.100.0/24
            Decision  allow by rule office
            Route     shop.test/api/* -> app
            Sends     /cart?id=7
            Pool      app, round_robin
              BACKEND      STATE  WEIGHT  IN FLIGHT  CHOICE
              127.0.0.1:1  up          1          0  possible
              127.0.0.1:2  up          3          0  possible
              127.0.0.1:3  up          1          0  backup
            """);
  }

  @Test
  void whereARouteDoesNotKeepAnEncodedSlashThatIsWhatIsSaid() throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("strict.yaml"),
            """
            version: 1
            listeners: { web: { bind: "127.0.0.1:8080" } }
            firewall:
              normalize_path: strict
              rules:
                - { name: closed, match: { path: /admin/* }, action: { deny: 403 } }
            pools: { app: { backends: ["127.0.0.1:1"] } }
            routes:
              - { name: files, match: { path: /files/* }, pool: app, strip_prefix: /files, encoded_slash: keep }
              - { name: rest, pool: app }
            """);
    String url = "--url=http://127.0.0.1:8080";
    CommandRun kept =
        CommandRun.of("explain", "-c" + file, url + "/files/./a%2fb?q", "--ip=192.0.2.1");
    assertThat(kept.out())
        .contains(
            """
            Path      /files/a%2Fb
                      may also be read as /files/a/b
            """)
        .contains("Decision  allow by default\nRoute     files -> app\nSends     /a%2Fb?q\n");
    CommandRun denied =
        CommandRun.of("explain", "-c" + file, url + "/files/..%2Fadmin", "--ip=192.0.2.1");
    assertThat(denied.out()).contains("Decision  deny by rule closed, 403");
    CommandRun refused =
        CommandRun.of("explain", "-c" + file, url + "/api/a%2Fb", "--ip=192.0.2.1");
    assertThat(refused.err())
        .contains(
            "the target \"/api/a%2Fb\" has an encoded slash, which route \"rest\" does not keep"
                + " (encoded_slash): answered 400");
    assertThat(refused.code()).isEqualTo(2);
  }

  @Test
  void theSameAsJson() throws IOException {
    CommandRun run =
        CommandRun.of(
            "explain",
            "-c" + file(),
            "--url=http://shop.test:8080/admin/",
            "--ip=192.0.2.1",
            "--format=json");
    Map<?, ?> explained = (Map<?, ?>) JSON.std.mapFrom(run.out()).get("explained");
    assertThat(explained.get("decision")).isEqualTo("deny");
    assertThat(explained.get("rule")).isEqualTo("closed");
    assertThat(explained.get("status")).isEqualTo(403);
    assertThat(((List<?>) explained.get("steps")).get(2).toString())
        .contains("rule=per-client", "outcome=passed", "remaining=2", "wait_seconds=0.0");
  }

  @Test
  void theRunningOneKnowsItsLimitsAndCountsNothing() throws Exception {
    try (DaemonUnderTest weir = running()) {
      String[] question = {
        "explain",
        weir.admin(),
        "--url=http://127.0.0.1:" + weir.port() + "/",
        "--ip=127.0.0.1",
        "--live"
      };
      for (int i = 0; i < 5; i++) {
        assertThat(CommandRun.of(question).out()).contains("per-client  limit   passed", "2 left");
      }
      assertThat(weir.get("/").statusCode()).isEqualTo(200);
      assertThat(CommandRun.of(question).out()).contains("1 left", "Decision  allow by default");
      assertThat(weir.get("/").statusCode()).isEqualTo(200);
      assertThat(CommandRun.of(question).out())
          .containsPattern(
              "per-client  limit   matched   everything +over, back in 1[0-9]{3}\\.[0-9] s")
          .contains("Decision  limit by rule per-client, 429");
    }
  }

  @Test
  void aBannedClientIsToldWhichRuleBannedIt() throws Exception {
    String trap = "{ name: trap, match: { path: /trap }, action: { ban: 1h } }";
    String text = TEXT.formatted(0).replace("rules:\n", "rules:\n    - " + trap + "\n");
    try (DaemonUnderTest weir = DaemonUnderTest.start(folder, text)) {
      assertThatThrownBy(() -> weir.get("/trap")).isInstanceOf(IOException.class);
      String url = "--url=http://127.0.0.1:" + weir.port() + "/";
      assertThat(CommandRun.of("explain", weir.admin(), url, "--ip=127.0.0.1").out())
          .contains(
              "Banned    trap, until 20",
              "Rules     none was tried",
              "Decision  ban, closed without an answer");
      String[] proxied = {
        "explain", weir.admin(), url, "--ip=10.0.0.1", "-HX-Forwarded-For: 127.0.0.1"
      };
      assertThat(CommandRun.of(proxied).out()).contains("Decision  ban, 403");
      assertThat(CommandRun.of("explain", weir.admin(), url, "--ip=127.0.0.2").out())
          .doesNotContain("Banned");
    }
  }

  @Test
  void aTrustedProxyIsAnsweredWhereOthersAreNot() throws Exception {
    String rules =
        """
        rules:
            - { name: shut, match: { path: /shut }, action: drop }
            - { name: stuck, match: { path: /stuck }, action: { tarpit: 1s } }
        """;
    String text =
        TEXT.formatted(0).replaceFirst("rules:\n", rules).replace("10.0.0.0/8", "127.0.0.0/8");
    try (DaemonUnderTest weir = DaemonUnderTest.start(folder, text)) {
      for (String path : List.of("/shut", "/stuck")) {
        HttpResponse<String> refused = weir.get(path, "x-forwarded-for", "192.0.2.1");
        assertThat(refused.statusCode()).isEqualTo(403);
        Matcher id = ID.matcher(refused.body());
        assertThat(id.find()).isTrue();
        CommandRun run = CommandRun.of("explain", weir.admin(), "--request-id=" + id.group());
        assertThat(run.out())
            .containsPattern("By +rule [a-z]+, [a-z]+, 403\n")
            .containsPattern("Decision +[a-z]+ by rule [a-z]+, 403\n");
      }
      String url = "--url=http://127.0.0.1:" + weir.port() + "/shut";
      String[] direct = {"explain", weir.admin(), url, "--ip=192.0.2.1"};
      assertThat(CommandRun.of(direct).out())
          .contains("Decision  drop by rule shut, closed without an answer");
    }
  }

  @Test
  void theQueryOfARefusedRequestIsNotShown() throws Exception {
    String text =
        TEXT.formatted(0)
            .replace("respond: { status: 200 }", "pool: app")
            .replace(
                "rules:\n",
                "rules:\n    - { name: shut, match: { path: /shut }, action: { deny: 403 } }\n");
    try (DaemonUnderTest weir = DaemonUnderTest.start(folder, text)) {
      Matcher id = ID.matcher(weir.get("/shut?token=5ecret").body());
      assertThat(id.find()).isTrue();
      CommandRun run = CommandRun.of("explain", weir.admin(), "--request-id=" + id.group());
      assertThat(run.out()).contains("Sends     /shut").doesNotContain("5ecret");
    }
  }

  @Test
  void aRefusedRequestIsExplainedByTheIdOnItsPage() throws Exception {
    try (DaemonUnderTest weir = running()) {
      HttpResponse<String> refused = weir.get("/admin/users?a=b", "user-agent", "curl/8");
      assertThat(refused.statusCode()).isEqualTo(403);
      Matcher id = ID.matcher(refused.body());
      assertThat(id.find()).isTrue();
      CommandRun run = CommandRun.of("explain", weir.admin(), "--request-id=" + id.group());
      assertThat(run.err()).isEmpty();
      assertThat(run.out().replaceFirst("Refused .*", "Refused WHEN"))
          .isEqualTo(
              """
              Refused WHEN
              By        rule closed, deny, 403
              Because   path = /admin/users

              If it came again now:

              Request   GET 127.0.0.1 /admin/users from 127.0.0.1
              Listener  web
              Rules
                RULE        ACTION  OUTCOME    BECAUSE                                COUNT
                office      allow   no match   ip: 198.51.100.0/24
                trial       deny    would act  header.user-agent: { contains: curl }
                per-client  limit   passed     everything                             1 left
                closed      deny    matched    method: GET, POST, path: /admin/*
              Decision  deny by rule closed, 403
              Route     rest -> answers 200, if it were permitted
              """);
      CommandRun unknown = CommandRun.of("explain", weir.admin(), "--request-id=nobody");
      assertThat(unknown.code()).isEqualTo(4);
      assertThat(unknown.err())
          .contains("no refusal of the request nobody is remembered")
          .endsWith(": grep '\"request_id\":\"nobody\"' access.log\n");
      assertThat(CommandRun.of("explain", weir.admin(), "--request-id", "a'b").err())
          .contains("no refusal of the request a'b is remembered")
          .doesNotContain("grep");
    }
  }

  @Test
  void theFingerprintOfAClientCanBeSupposed() throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("ja4.yaml"),
            """
            version: 1
            listeners:
              web: { bind: "127.0.0.1:8080" }
            firewall:
              rules:
                - { name: scripts, match: { tls: { ja4: t13i* } }, action: { deny: 403 } }
            routes:
              - { name: all, respond: { status: 200 } }
            """);
    String url = "--url=https://a:8080/";
    String script = "--ja4=t13i1516h1_8daaf6152771_e5627efa2ab1";
    CommandRun known =
        CommandRun.of("explain", "-c" + file, url, "--ip=1.2.3.4", "--listener=web", script);
    assertThat(known.err()).isEmpty();
    assertThat(known.out()).contains("tls.ja4: t13i*").contains("deny by rule scripts, 403");
    CommandRun unknown =
        CommandRun.of("explain", "-c" + file, url, "--ip=1.2.3.4", "--listener=web");
    assertThat(unknown.out())
        .isEqualTo(
            """
            Request   GET a / from 1.2.3.4
            Listener  web
            Rules
              RULE     ACTION  OUTCOME    BECAUSE                               COUNT
              scripts  deny    undecided  tls.ja4 is not known: tls.ja4: t13i*
            Unknown   tls.ja4 (--ja4)
            Decision  allow by default, unless an undecided rule acts
            Route     all -> answers 200
            """);
    CommandRun plain =
        CommandRun.of("explain", "-c" + file, "--url=http://a:8080/", "--ip=1.2.3.4", script);
    assertThat(plain.code()).isEqualTo(2);
    assertThat(plain.err()).contains("ja4: \"t13i1516h1_8daaf6152771_e5627efa2ab1\" (expected:");
  }

  @Test
  void whatNobodySaidOfTlsIsUnknownAndCanBeSupposed() throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("tls.yaml"),
            """
            version: 1
            listeners:
              web: { bind: "127.0.0.1:8080" }
            firewall:
              rules:
                - { name: old, match: { tls: { version: 1.2 } }, action: { deny: 403 } }
                - { name: apps, match: { tls: { client_subject: { contains: CN=app } } }, action: allow }
                - { name: strangers, match: { tls: { client_subject: { present: false } } }, action: { deny: 403 } }
            routes:
              - { name: all, respond: { status: 200 } }
            """);
    String[] asked = {
      "explain", "-c" + file, "--url=https://a:8080/", "--ip=1.2.3.4", "--listener=web"
    };
    assertThat(CommandRun.of(asked).out())
        .containsPattern("old +deny +undecided +tls.version is not known")
        .containsPattern("apps +allow +undecided +tls.client_subject is not known")
        .containsPattern("strangers +deny +undecided")
        .contains("Unknown   tls.client_subject (--client-subject), tls.version (--tls-version)");
    assertThat(CommandRun.of(and(asked, "--tls-version=1.3", "--client-subject=CN=app,O=a")).out())
        .containsPattern("old +deny +no match")
        .contains("Decision  allow by rule apps\n")
        .doesNotContain("Unknown");
    assertThat(CommandRun.of(and(asked, "--tls-version=1.3", "--client-subject=")).out())
        .contains("Decision  deny by rule strangers, 403\n");
    CommandRun wrong = CommandRun.of(and(asked, "--tls-version=1.4"));
    assertThat(wrong.code()).isEqualTo(2);
    assertThat(wrong.err()).contains("tls_version: \"1.4\" (expected: 1.2, 1.3)");
  }

  @Test
  void aRouteThatDependsOnWhatNobodySaidIsNotGuessed() throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("routes.yaml"),
            """
            version: 1
            listeners:
              web: { bind: "127.0.0.1:8080" }
            routes:
              - { name: images, match: { path: /images/* }, respond: { status: 200 } }
              - { name: old, match: { not: { tls: { version: 1.3 } }, method: GET }, respond: { status: 426 } }
              - { name: all, respond: { status: 200 } }
            """);
    String[] asked = {"explain", "-c" + file, "--ip=1.2.3.4", "--listener=web"};
    CommandRun unclear = CommandRun.of(and(asked, "--url=https://a/"));
    assertThat(unclear.err())
        .isEqualTo("weir: its route depends on what is not known: tls.version\n");
    assertThat(unclear.out()).isEmpty();
    assertThat(CommandRun.of(and(asked, "--url=https://a/", "--tls-version=1.2")).out())
        .contains("Route     old -> answers 426");
    assertThat(CommandRun.of(and(asked, "--url=https://a/", "--tls-version=1.3")).out())
        .contains("Route     all -> answers 200");
    assertThat(CommandRun.of(and(asked, "--url=https://a/images/a.png")).out())
        .contains("Route     images -> answers 200");
    assertThat(CommandRun.of(and(asked, "--url=https://a/", "--method=POST")).out())
        .contains("Route     all -> answers 200");
  }

  private static String[] and(String[] some, String... more) {
    return Stream.concat(Stream.of(some), Stream.of(more)).toArray(String[]::new);
  }

  @Test
  void theRunningOneIsAskedWithWhatIsSupposedOfTls() throws Exception {
    String rules =
        """
        rules:
            - { name: scripts, match: { tls: { ja4: t13i* } }, action: { deny: 403 } }
        """;
    String text = TEXT.formatted(0).replaceFirst("rules:\n", rules);
    try (DaemonUnderTest weir = DaemonUnderTest.start(folder, text)) {
      String[] asked = {
        "explain",
        weir.admin(),
        "--url=https://a/",
        "--ip=1.2.3.4",
        "--listener=web",
        "--format=json"
      };
      Map<?, ?> open = (Map<?, ?>) JSON.std.mapFrom(CommandRun.of(asked).out()).get("explained");
      assertThat(open.get("decided")).isEqualTo(false);
      assertThat(((Map<?, ?>) ((List<?>) open.get("steps")).getFirst()).get("unknown"))
          .isEqualTo(List.of("tls.ja4"));
      String supposed = CommandRun.of(and(asked, "--ja4=t13i_")).out();
      assertThat(JSON.std.mapFrom(supposed).get("explained").toString())
          .contains("decision=deny", "rule=scripts", "decided=true");
    }
  }

  @Test
  void wrongQuestionsAreWrongUsage() throws IOException {
    String file = file();
    assertThat(CommandRun.of("explain").code()).isEqualTo(2);
    CommandRun nobody = CommandRun.of("explain", "-c" + file, "--url=http://a/");
    assertThat(nobody.code()).isEqualTo(2);
    assertThat(nobody.err()).startsWith("weir: --ip is missing\n");
    assertWrong("http://a/b c", "1.2.3.4", "url: \"http://a/b c\"");
    assertWrong("ftp://a/", "1.2.3.4", "url: ");
    assertWrong("http://a/", "010.2.3.4", "ip: \"010.2.3.4\" (expected: the client's address");
    CommandRun nowhere = CommandRun.of("explain", "-c" + file, "--url=http://a/", "--ip=1.2.3.4");
    assertThat(nowhere.code()).isEqualTo(2);
    assertThat(nowhere.err())
        .isEqualTo("weir: no listener speaks http on port 80; on another one: --listener=web\n");
    assertThat(
            CommandRun.of("explain", "--admin=127.0.0.1:1", "--url=http://a/", "--ip=1.2.3.4")
                .code())
        .isEqualTo(4);
  }

  private static void assertWrong(String url, String ip, String says) {
    CommandRun run = CommandRun.of("explain", "--url=" + url, "--ip=" + ip);
    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err()).contains(says);
  }

  @Test
  void aBrokenFileIsNotExplained() throws IOException {
    Path broken = Files.writeString(folder.resolve("broken.yaml"), "version: 1\nnonsense: 1\n");
    CommandRun run = CommandRun.of("explain", "-c" + broken, "--url=http://a/", "--ip=1.2.3.4");
    assertThat(run.code()).isEqualTo(1);
    assertThat(run.err()).contains("broken.yaml:2:1: unknown key");
  }

  private CommandRun relayed(String url, String... more) throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("relays.yaml"),
            """
            version: 1
            listeners:
              mail: { bind: "127.0.0.1:8993", mode: tcp, sni: { imap.test: app } }
              database: { bind: "127.0.0.1:8306", mode: tcp, pool: app }
            firewall:
              rules:
                - { name: trial, match: { tls: { sni: imap.test } }, action: drop, mode: report }
                - { name: nameless, match: { tls: { sni: { present: false } } }, action: drop, mode: report }
                - { name: paths, match: { path: /x }, action: drop }
                - { name: script, match: { tls: { ja4: t12i* } }, action: { deny: 403 } }
                - { name: floods, action: { limit: { key: ip, rate: 5/h, per: connection } } }
            pools:
              app: { backends: ["127.0.0.1:1"] }
            """);
    Stream<String> asked =
        Stream.of("explain", "-c", file.toString(), "--url=" + url, "--ip=192.0.2.1");
    return CommandRun.of(Stream.concat(asked, Stream.of(more)).toArray(String[]::new));
  }

  @Test
  void aConnectionThatIsRelayedIsExplainedByItsHello() throws IOException {
    CommandRun refused =
        relayed("https://imap.test:8993/", "--ja4=t12i0300h1_8daaf6152771_000000000000");
    assertThat(refused.err()).isEmpty();
    assertThat(refused.out().lines().map(String::strip))
        .contains(
            "Client    192.0.2.1, asks for imap.test:8993",
            "Listener  mail",
            "Decision  deny by rule script, closed without an answer",
            "Goes to   pool app, if it were permitted")
        .anyMatch(line -> line.matches("floods +limit +passed .*5 left"))
        .anyMatch(line -> line.matches("trial +drop +would act .*"))
        .noneMatch(line -> line.startsWith("paths"));

    assertThat(relayed("https://imap.test:8993/").out())
        .contains("allow by default, unless an undecided rule acts");
    assertThat(relayed("https://other.test:8993/").out())
        .contains("an alert: no pool has this name");
    assertThat(relayed("http://imap.test:8993/", "--listener=mail").err())
        .isEqualTo("weir: the listener \"mail\" passes on TLS: ask with https\n");
  }

  @Test
  void whoAsksForAnAddressNamesNoServer() throws IOException {
    for (String host : List.of("192.0.2.7", "[2001:db8::7]")) {
      assertThat(relayed("https://" + host + ":8993/", "--tls-version=1.3").out())
          .containsPattern("trial +drop +no match")
          .containsPattern("nameless +drop +would act");
    }
    assertThat(relayed("https://IMAP.test.:8993/").out())
        .containsPattern("trial +drop +would act")
        .containsPattern("nameless +drop +no match");
  }

  @Test
  void aRelayThatReadsNoHelloKnowsTheClientAlone() throws IOException {
    CommandRun run = relayed("http://db.test:8306/", "--listener=database");
    assertThat(run.out().lines().map(String::strip))
        .contains("Listener  database", "Decision  allow by default", "Goes to   pool app")
        .anyMatch(line -> line.startsWith("floods"))
        .noneMatch(line -> line.matches("(trial|paths|script) .*"));
  }

  @Test
  void whatHasNotComeYetOfAListIsSaid() throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("lists.yaml"),
            """
            version: 1
            listeners: { web: { bind: "127.0.0.1:8080" } }
            lists: { drop: { url: "https://lists.example/drop.txt" } }
            firewall:
              rules: [{ name: listed, match: { ip: { in: drop } }, action: { deny: 403 } }]
            routes: [{ respond: { status: 200 } }]
            """);
    CommandRun run =
        CommandRun.of("explain", "-c" + file, "--url=http://a:8080/", "--ip=192.0.2.1");
    assertThat(run.out()).contains("Decision  allow by default");
    assertThat(run.err())
        .isEqualTo(
            "weir: lists.drop: there is nothing in it until it has come from"
                + " https://lists.example/drop.txt\n");
  }
}
