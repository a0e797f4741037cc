package io.weir.core.stories.framing;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.stories.framing.ResponseRow.BadGateway;
import io.weir.core.stories.framing.ResponseRow.Broken;
import io.weir.core.stories.framing.ResponseRow.Relayed;
import io.weir.core.testkit.ByteBackend;
import io.weir.core.testkit.ByteClient;
import io.weir.core.testkit.Conversation;
import io.weir.core.testkit.Header;
import io.weir.core.testkit.Headers;
import io.weir.core.testkit.LeakWatch;
import io.weir.core.testkit.ProxySetup;
import io.weir.core.testkit.Request;
import io.weir.core.testkit.Response;
import io.weir.core.testkit.Stage;
import io.weir.core.testkit.WeirUnderTest;
import io.weir.core.testkit.Wire;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every row of the table, the backend's answer as one write and byte by byte.
 *
 * <p>The client asks for something else afterwards, over a connection of its own: an answer that
 * went wrong, or went on for too long, must not become the answer to that.
 */
@TestInstance(Lifecycle.PER_CLASS)
class ResponseFramingStories {
  /**
   * What frames a body, which the proxy may do in another way, and what it adds; a Date it must add
   * where there is none (RFC 9110 section 6.6.1).
   */
  private static final Set<String> NOT_COMPARED =
      Set.of("transfer-encoding", "connection", "x-request-id");

  private final Stage stage = new Stage();
  private ByteBackend backend;
  private WeirUnderTest weir;

  static List<ResponseRow> rows() {
    return ResponseRows.rows();
  }

  static List<ResponseRow> shortRows() {
    return rows().stream().filter(row -> row.bytes().length() < 2_000).toList();
  }

  @BeforeAll
  void starts() {
    LeakWatch.install();
    backend = stage.backend(ResponseFramingStories::answers);
    Duration soon = Duration.ofSeconds(2); // shorter than a client's patience: a row not understood
    weir = stage.starts(new ProxySetup().app(backend).backendTimeouts(soon, soon));
  }

  @AfterAll
  void ends() {
    stage.close();
    LeakWatch.findsNothing();
  }

  /** The target says which row, and whether byte by byte. */
  static void answers(Conversation on) throws IOException {
    Optional<Request> next;
    while ((next = on.nextRequest()).isPresent()) {
      String target = next.get().target();
      if (target.equals("/fence")) {
        on.sends("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nfence");
        continue;
      }
      ResponseRow row = rows().get(Integer.parseInt(target.replaceAll("\\D", "")));
      if (target.startsWith("/slowly")) {
        sendsSlowly(row, on);
      } else {
        on.sends(row.bytes());
      }
      if (row.closes()) {
        return;
      }
    }
  }

  private static void sendsSlowly(ResponseRow row, Conversation on) throws IOException {
    byte[] bytes = Wire.bytes(row.bytes());
    int alone = row.surplus() == 0 ? bytes.length : bytes.length - row.surplus() - 1;
    for (int i = 0; i < alone; i++) {
      on.sends(new byte[] {bytes[i]});
    }
    if (alone < bytes.length) {
      on.sends(Arrays.copyOfRange(bytes, alone, bytes.length));
    }
  }

  @Test
  void theTableIsWholeAndNamesAreUnique() {
    assertThat(rows().stream().map(ResponseRow::toString))
        .hasSizeGreaterThan(100)
        .doesNotHaveDuplicates();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("rows")
  void inOneWrite(ResponseRow row) {
    plays(row, "/at-once/");
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("shortRows")
  void byteByByte(ResponseRow row) {
    plays(row, "/slowly/");
  }

  private void plays(ResponseRow row, String folder) {
    String target = folder + rows().indexOf(row);
    try (ByteClient client = ByteClient.connect(weir.address(ProxySetup.WEB))) {
      client.sends(row.method() + " " + target + " HTTP/1.1\r\nHost: a\r\n\r\n");
      switch (row.expected()) {
        case BadGateway gateway ->
            assertThat(client.receives(502).bodyText()).doesNotContain("hello");
        case Broken broken -> breaksOff(client);
        case Relayed relayed -> relays(client, row.method(), relayed.response());
      }
    }
    for (int i = 0; i < 2; i++) {
      try (ByteClient fence = ByteClient.connect(weir.address(ProxySetup.WEB))) {
        fence.sends("GET /fence HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
        assertThat(fence.receives(200).bodyText()).isEqualTo("fence");
        fence.receivesClose();
      }
    }
  }

  private static void breaksOff(ByteClient client) {
    Optional<Response> response = client.receivesFinalHeadOrReset();
    if (response.isEmpty() || response.get().status() == 502) {
      return;
    }
    assertThat(client.bodyBreaksOff(response.get()))
        .as("the body after %s breaks off", response.get())
        .isTrue();
  }

  private static void relays(ByteClient client, String method, String bytes) {
    for (Response expected : Response.parseAll(bytes, method)) {
      Response actual = client.receivesResponseTo(method);
      assertThat(actual.status()).as("status of %s", actual).isEqualTo(expected.status());
      assertThat(actual.version()).as("version of %s", actual).isEqualTo("HTTP/1.1");
      assertThat(compared(actual.headers(), expected.headers()))
          .as("headers of %s", actual)
          .containsExactlyElementsOf(compared(expected.headers(), expected.headers()));
      assertThat(actual.bodyText()).as("body of %s", actual).isEqualTo(expected.bodyText());
      assertThat(actual.trailers().lines())
          .as("trailers of %s", actual)
          .isEqualTo(expected.trailers().lines());
      assertThat(actual.headers().has("via")).as("Via in %s", actual).isFalse();
    }
  }

  private static List<String> compared(Headers headers, Headers expected) {
    return headers.lines().stream()
        .filter(line -> !NOT_COMPARED.contains(line.name().toLowerCase(Locale.ROOT)))
        .filter(line -> expected.has(line.name()) || !line.name().equalsIgnoreCase("date"))
        .map(Header::toString)
        .toList();
  }
}
