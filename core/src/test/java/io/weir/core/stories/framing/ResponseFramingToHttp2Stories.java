package io.weir.core.stories.framing;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.stories.framing.ResponseRow.BadGateway;
import io.weir.core.stories.framing.ResponseRow.Broken;
import io.weir.core.stories.framing.ResponseRow.Relayed;
import io.weir.core.testkit.ByteBackend;
import io.weir.core.testkit.Header;
import io.weir.core.testkit.Headers;
import io.weir.core.testkit.Http2Client;
import io.weir.core.testkit.Http2Frame;
import io.weir.core.testkit.Http2Response;
import io.weir.core.testkit.LeakWatch;
import io.weir.core.testkit.ProxySetup;
import io.weir.core.testkit.Response;
import io.weir.core.testkit.Stage;
import io.weir.core.testkit.WeirUnderTest;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The same table for a client of HTTP/2: each answer arrives as exactly one that can be read in one
 * way, or is a 502, or a stream that visibly breaks off. The connection serves others afterwards.
 */
@TestInstance(Lifecycle.PER_CLASS)
class ResponseFramingToHttp2Stories {
  /** What is for one connection of HTTP/1, or what frames say (RFC 9113 section 8.2.2). */
  private static final Set<String> OF_HTTP1 =
      Set.of("connection", "keep-alive", "proxy-connection", "transfer-encoding", "upgrade");

  private final Stage stage = new Stage();
  private WeirUnderTest weir;

  static List<ResponseRow> rows() {
    return ResponseRows.rows();
  }

  @BeforeAll
  void starts() {
    LeakWatch.install();
    ByteBackend backend = stage.backend(ResponseFramingStories::answers);
    Duration soon = Duration.ofSeconds(2); // shorter than a client's patience: a row not understood
    weir =
        stage.starts(
            new ProxySetup().listensH2c(ProxySetup.WEB).app(backend).backendTimeouts(soon, soon));
  }

  @AfterAll
  void ends() {
    stage.close();
    LeakWatch.findsNothing();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("rows")
  void arrivesAsOneAnswerOrNone(ResponseRow row) {
    try (Http2Client client = Http2Client.open(weir.address(ProxySetup.WEB))) {
      client.sends(request(row));
      switch (row.expected()) {
        case BadGateway gateway -> {
          Http2Response refusal = client.receives(1, 502);
          assertThat(refusal.body()).doesNotContain("hello");
          assertThat(refusal.interim()).as("of the backend's").isEmpty();
        }
        case Broken broken -> breaksOff(client);
        case Relayed relayed -> relays(client, Response.parseAll(relayed.response(), row.method()));
      }
      for (int stream = 3; stream <= 5; stream += 2) {
        client.asksFor(stream, "/fence");
        assertThat(client.receives(stream, 200).body()).isEqualTo("fence");
      }
    }
  }

  private static Http2Frame request(ResponseRow row) {
    String target = "/at-once/" + rows().indexOf(row);
    return Http2Frame.request(
        1, ":method", row.method(), ":scheme", "http", ":path", target, ":authority", "a");
  }

  private static void breaksOff(Http2Client client) {
    Http2Response response = client.on(1);
    client.receivesUntil("an end", () -> response.ended() || response.reset() != null);
    boolean refused = response.ended() && response.status() == 502;
    assertThat(refused || response.reset() != null).as("502 or a reset: %s", response).isTrue();
  }

  private static void relays(Http2Client client, List<Response> expected) {
    Response last = expected.getLast();
    Http2Response actual = client.receives(1, last.status());
    assertThat(actual.reset()).as("reset of %s", actual).isNull();
    assertThat(actual.interim()).as("interim ones of %s", actual).hasSize(expected.size() - 1);
    for (int i = 0; i < actual.interim().size(); i++) {
      same(actual.interim().get(i), expected.get(i));
    }
    same(actual.headers(), last);
    assertThat(actual.body()).as("body").isEqualTo(last.bodyText());
    Headers trailers = actual.trailers();
    assertThat(trailers == null ? List.of() : lines(trailers, last.trailers()))
        .as("trailers of %s", actual)
        .isEqualTo(lines(last.trailers(), last.trailers()));
  }

  private static void same(Headers actual, Response expected) {
    assertThat(actual.all(":status")).containsExactly(String.valueOf(expected.status()));
    assertThat(actual.lines().getFirst().name()).isEqualTo(":status");
    assertThat(actual.lines().stream().map(Header::name))
        .as("names that HTTP/2 allows")
        .allMatch(name -> name.equals(name.toLowerCase(Locale.ROOT)))
        .noneMatch(OF_HTTP1::contains);
    assertThat(lines(actual, expected.headers()))
        .as("headers of %s", actual)
        .isEqualTo(lines(expected.headers(), expected.headers()));
  }

  /** But for what frames say, and for what we add where there is none. */
  private static List<String> lines(Headers headers, Headers expected) {
    return headers.lines().stream()
        .map(line -> new Header(line.name().toLowerCase(Locale.ROOT), line.value()))
        .filter(line -> !line.name().equals(":status") && !OF_HTTP1.contains(line.name()))
        .filter(line -> !line.name().equals("x-request-id"))
        .filter(line -> expected.has(line.name()) || !line.name().equals("date"))
        .map(Header::toString)
        .toList();
  }
}
