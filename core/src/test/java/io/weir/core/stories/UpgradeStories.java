package io.weir.core.stories;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.config.HttpProtocol;
import io.weir.core.testkit.ByteBackend;
import io.weir.core.testkit.ByteClient;
import io.weir.core.testkit.Http2Backend;
import io.weir.core.testkit.ProxySetup;
import io.weir.core.testkit.Request;
import io.weir.core.testkit.Response;
import io.weir.core.testkit.Script;
import io.weir.core.testkit.Stories;
import io.weir.firewall.config.ActionConfig;
import io.weir.firewall.config.MatchConfig;
import io.weir.firewall.config.RuleConfig;
import io.weir.firewall.config.StringPattern;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Upgrades other than to WebSockets, as docker and kubectl ask for them (RFC 9110 section 7.8). */
class UpgradeStories extends Stories {
  private static final String BODY = "{\"Detach\":false,\"Tty\":true}";

  private static String asks(String method, String protocol, String lines) {
    return method
        + " /exec/1/start HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: "
        + protocol
        + "\r\n"
        + lines
        + "\r\n";
  }

  /** As {@code docker exec} does. */
  private static String docker() {
    return asks("POST", "tcp", "Content-Type: application/json\r\nContent-Length: 27\r\n");
  }

  private static String switches(String lines) {
    return "HTTP/1.1 101 UPGRADED\r\nContent-Type: application/vnd.docker.raw-stream\r\n"
        + lines
        + "\r\n";
  }

  private static Script upgrading(String lines, Script then) {
    return on -> {
      on.receivesRequest();
      on.sends(switches(lines));
      then.play(on);
    };
  }

  @Test
  void aRequestWithABodyBecomesBytesBothWays() {
    assertThat(BODY).hasSize(27);
    ByteBackend backend =
        backend(
            upgrading(
                "Connection: Upgrade\r\nUpgrade: tcp\r\n",
                on -> {
                  on.sends("$ ");
                  assertThat(on.receivesBytes(3)).asString().isEqualTo("ls\n");
                  on.sends("done");
                }));
    ByteClient client = client(starts(proxy().app(backend)));
    Response answer = client.sends(docker() + BODY).receivesHead();
    assertThat(answer.status()).isEqualTo(101);
    assertThat(answer.headers().all("upgrade")).containsExactly("tcp");
    assertThat(answer.headers().all("connection")).containsExactly("upgrade");
    assertThat(client.receivesBytes(2)).isEqualTo("$ ");
    assertThat(client.sends("ls\n").receivesUntilEof()).isEqualTo("done");
    Request request = backend.requests().getFirst();
    assertThat(request.bodyText()).isEqualTo(BODY);
    assertThat(request.headers().all("upgrade")).containsExactly("tcp");
    assertThat(request.headers().all("connection")).containsExactly("upgrade");
  }

  @ParameterizedTest
  @ValueSource(strings = {"SPDY/3.1", "tcp", "websockets", "IRC/6.9"})
  void anyOneProtocolIsAskedFor(String protocol) {
    ByteBackend backend =
        backend(
            upgrading(
                "Connection: Upgrade\r\nUpgrade: " + protocol + "\r\n", on -> on.sends("hello")));
    ByteClient client = client(starts(proxy().app(backend)));
    Response answer = client.sends(asks("GET", protocol, "")).receivesHead();
    assertThat(answer.status()).isEqualTo(101);
    assertThat(answer.headers().all("upgrade")).containsExactly(protocol);
    assertThat(client.receivesUntilEof()).isEqualTo("hello");
    assertThat(backend.requests().getFirst().headers().all("upgrade")).containsExactly(protocol);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Connection: Upgrade\r\nUpgrade: spdy/3.1\r\n",
        "Connection: Upgrade\r\nUpgrade: h2c\r\n",
        "Connection: Upgrade\r\nUpgrade: tcp, h2c\r\n",
        "Connection: Upgrade\r\nUpgrade: tcp\r\nUpgrade: h2c\r\n",
        "Connection: Upgrade\r\n",
        "Upgrade: tcp\r\n",
        ""
      })
  void aSwitchToAnythingElseIsA502(String lines) {
    ByteBackend backend = backend(upgrading(lines, on -> on.waitsForEnd()));
    client(starts(proxy().app(backend))).sends(docker() + BODY).receives(502);
    backend.seesEndOf(0);
  }

  @Test
  void aSwitchBeforeTheRequestIsWholeIsA502() {
    ByteBackend backend =
        backend(on -> {
          on.receivesHead();
          on.sends(switches("Connection: Upgrade\r\nUpgrade: tcp\r\n"));
          on.waitsForEnd();
        });
    ByteClient client = client(starts(proxy().app(backend)));
    client.sends(docker() + BODY.substring(1)).receives(502);
    backend.seesEndOf(0);
  }

  @Test
  void whoIsNotUpgradedIsStillJudged() {
    ByteBackend backend = backend(Script.answers("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nno"));
    RuleConfig admin =
        new RuleConfig(
            "admin",
            new MatchConfig.Path(List.of(StringPattern.ofPath("/admin"))),
            new ActionConfig.Deny(403));
    ByteClient client = client(starts(proxy().app(backend).rules(admin)));
    client.sends(docker() + BODY + "GET /admin HTTP/1.1\r\nHost: a\r\n\r\n").receives(200);
    client.receives(403);
    assertThat(backend.requests()).hasSize(1);
  }

  @Test
  void aRuleMayRefuseThem() {
    ByteBackend backend =
        backend(upgrading("Connection: Upgrade\r\nUpgrade: tcp\r\n", on -> on.waitsForEnd()));
    RuleConfig none =
        new RuleConfig(
            "no-tcp",
            new MatchConfig.Header("upgrade", List.of(StringPattern.ofText("tcp"))),
            new ActionConfig.Deny(403));
    client(starts(proxy().app(backend).rules(none))).sends(docker() + BODY).receives(403);
    backend.receivedNothing();
  }

  @Test
  void aBodyThatComesLaterIsSentFirst() {
    CountDownLatch head = new CountDownLatch(1);
    ByteBackend backend =
        backend(on -> {
          on.receivesHead();
          head.countDown();
          assertThat(on.receivesBytes(27)).asString().isEqualTo(BODY);
          on.sends(switches("Connection: Upgrade\r\nUpgrade: tcp\r\n") + "bye");
        });
    ByteClient client = client(starts(proxy().app(backend)));
    client.sends(docker());
    ByteBackend.waitsUntil("the head", () -> head.getCount() == 0);
    assertThat(client.sends(BODY).receivesHead().status()).isEqualTo(101);
    assertThat(client.receivesUntilEof()).isEqualTo("bye");
  }

  @Test
  void aWebSocketHasNoBody() {
    ByteBackend backend = backend(Script.answers("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nno"));
    ByteClient client = client(starts(proxy().app(backend)));
    client.sends(asks("POST", "websocket", "Content-Length: 1\r\n") + "x").receives(200);
    assertThat(backend.requests().getFirst().headers().has("upgrade")).isFalse();
  }

  @Test
  void aBackendOfHttp2IsNotAsked() {
    Http2Backend backend =
        keeps(
            Http2Backend.playing(
                Http2Backend.answers((on, request) -> on.answers(request.stream(), 200, "no"))));
    ProxySetup setup =
        proxy()
            .pool(ProxySetup.APP, HttpProtocol.H2C, ProxySetup.hostPort(backend.address()))
            .route("", "", ProxySetup.APP);
    client(starts(setup)).sends(docker() + BODY).receives(200);
    assertThat(backend.requests().getFirst().all("upgrade")).isEmpty();
  }
}
