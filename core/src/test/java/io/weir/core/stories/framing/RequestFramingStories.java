package io.weir.core.stories.framing;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.stories.framing.RequestRow.Answered;
import io.weir.core.stories.framing.RequestRow.BrokenOff;
import io.weir.core.stories.framing.RequestRow.Cut;
import io.weir.core.stories.framing.RequestRow.Forwarded;
import io.weir.core.stories.framing.RequestRow.Refused;
import io.weir.core.testkit.ByteBackend;
import io.weir.core.testkit.ByteClient;
import io.weir.core.testkit.LeakWatch;
import io.weir.core.testkit.ProxySetup;
import io.weir.core.testkit.Request;
import io.weir.core.testkit.Response;
import io.weir.core.testkit.Script;
import io.weir.core.testkit.Stage;
import io.weir.core.testkit.WeirUnderTest;
import java.time.Duration;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every row of the table, as one write and byte by byte.
 *
 * <p>After each row a good request is sent over a connection of its own: that it is all that the
 * backend has got since is the proof that nothing of a refused request went through, and that the
 * proxy took no harm.
 */
@TestInstance(Lifecycle.PER_CLASS)
class RequestFramingStories {
  static final long BODY_LIMIT = 1 << 20;

  /** A byte at a time is slow, and shows nothing new in the middle of 20,000 equal bytes. */
  private static final int BYTE_BY_BYTE_AT_MOST = 2_000;

  static final String FENCE = "GET /fence HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";

  private final Stage stage = new Stage();
  private ByteBackend backend;
  private WeirUnderTest weir;

  static Stream<RequestRow> rows() {
    return Stream.of(
            RequestLineRows.rows(),
            TargetRows.rows(),
            HeaderLineRows.rows(),
            ContentLengthRows.rows(),
            TransferEncodingRows.rows(),
            ChunkRows.rows(),
            FinRows.rows(),
            ForwardingRows.rows())
        .flatMap(List::stream);
  }

  static Stream<RequestRow> shortRows() {
    return rows().filter(row -> row.bytes().length() <= BYTE_BY_BYTE_AT_MOST);
  }

  @BeforeAll
  void starts() {
    LeakWatch.install();
    backend = stage.backend(Script.answers("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"));
    // Shorter than a client's patience: a row that is waited for comes back as 408.
    Duration soon = Duration.ofSeconds(2);
    weir =
        stage.starts(
            new ProxySetup().app(backend).bodySize(BODY_LIMIT).clientTimeouts(soon, soon, soon));
  }

  @AfterAll
  void ends() {
    stage.close();
    LeakWatch.findsNothing();
  }

  @Test
  void theTableIsWholeAndNamesAreUnique() {
    assertThat(rows().map(RequestRow::toString)).hasSizeGreaterThan(300).doesNotHaveDuplicates();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("rows")
  void inOneWrite(RequestRow row) {
    plays(row, ByteClient::sendsWhatIsTaken);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("shortRows")
  void byteByByte(RequestRow row) {
    plays(row, ByteClient::sendsWhatIsTakenByteByByte);
  }

  private void plays(RequestRow row, BiConsumer<ByteClient, String> sends) {
    int requestsBefore = backend.requests().size();
    int malformedBefore = backend.malformed().size();
    long bytesBefore = backend.receivedCount();
    try (ByteClient client = ByteClient.connect(weir.address(ProxySetup.WEB))) {
      sends.accept(client, row.bytes());
      clientSees(client, row.expected());
    }
    try (ByteClient fence = ByteClient.connect(weir.address(ProxySetup.WEB))) {
      fence.sends(FENCE).receives(200);
    }
    List<Request> arrived = backend.requests().subList(requestsBefore, backend.requests().size());
    assertThat(backend.malformed()).as("malformed at the backend").hasSize(malformedBefore);
    backendSaw(arrived, row.expected());
    if (row.expected() instanceof Refused) {
      long whole = arrived.stream().mapToLong(request -> request.raw().length).sum();
      assertThat(backend.receivedCount() - bytesBefore)
          .as("bytes at the backend, which are those of whole requests")
          .isEqualTo(whole);
    }
  }

  static void clientSees(ByteClient client, RequestRow.Expected expected) {
    switch (expected) {
      case Refused refused -> {
        refused.requests().forEach(request -> client.receives(200));
        seesRefusal(client, refused.statuses());
      }
      case Cut cut -> seesRefusal(client, cut.statuses());
      case Forwarded forwarded -> {
        Response last = null;
        for (String request : forwarded.requests()) {
          last = client.receives(200);
        }
        if (forwarded.thenCloses()) {
          assertThat(last.saysClose()).as("close in %s", last).isTrue();
          client.receivesClose();
        }
      }
      case BrokenOff brokenOff ->
          assertThat(client.finishesSending().receivesUntilClose()).doesNotContain(" 200 ");
      case Answered answered ->
          assertThat(client.receivesResponse().status()).isIn(answered.statuses());
    }
  }

  private static void seesRefusal(ByteClient client, List<Integer> statuses) {
    Response response = client.receivesResponse();
    assertThat(response.status()).as("status of %s", response).isIn(statuses);
    assertThat(response.saysClose()).as("close in %s", response).isTrue();
    client.receivesClose();
  }

  private void backendSaw(List<Request> arrived, RequestRow.Expected expected) {
    List<String> requests =
        switch (expected) {
          case Refused refused -> refused.requests();
          case Forwarded forwarded -> forwarded.requests();
          case Cut cut -> List.of();
          case BrokenOff brokenOff -> List.of();
          case Answered answered -> List.of();
        };
    assertThat(arrived.stream().map(Request::target))
        .as("targets at the backend")
        .hasSize(requests.size() + 1)
        .last()
        .isEqualTo("/fence");
    for (int i = 0; i < requests.size(); i++) {
      ForwardedCheck.same(arrived.get(i), Request.parse(requests.get(i)));
    }
  }
}
