package io.weir.core.stories.http2;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.stories.framing.ForwardedCheck;
import io.weir.core.testkit.ByteBackend;
import io.weir.core.testkit.Conversation;
import io.weir.core.testkit.DeadEnd;
import io.weir.core.testkit.Http2Client;
import io.weir.core.testkit.ProxySetup;
import io.weir.core.testkit.Request;
import io.weir.core.testkit.Script;
import io.weir.core.testkit.Stage;
import io.weir.core.testkit.WeirUnderTest;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A Weir for rows that get equally far, so that what is late of one cannot be taken for another's:
 * in front of a backend of HTTP/1 that gets their requests alone, and of another for the rest.
 */
final class RowSite {
  private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n";

  private final ByteBackend backend;
  private final WeirUnderTest weir;
  private final List<Request> possible = new ArrayList<>();
  private int requests;

  RowSite(Stage stage) {
    backend = stage.backend(RowSite::answers);
    ByteBackend fence = stage.backend(Script.answers(OK + "fence"));
    DeadEnd nobody = stage.keeps(DeadEnd.silent());
    weir =
        stage.starts(
            new ProxySetup()
                .listensH2c(ProxySetup.WEB)
                .pool("nobody", nobody.address())
                .route("", "/unread", "nobody")
                .pool("fence", fence.address())
                .route("", "/fence", "fence")
                .app(backend)
                .bodySize(1 << 20));
  }

  private static void answers(Conversation on) throws IOException {
    Optional<Request> next;
    while ((next = on.nextRequest()).isPresent()) {
      Request request = next.get();
      if (request.target().equals("/slow")) {
        on.waitsForEnd();
        return;
      }
      on.sends(request.method().equals("HEAD") ? OK : OK + "hello");
    }
  }

  Http2Client connects() {
    return Http2Client.open(weir.address(ProxySetup.WEB));
  }

  /** The backend has got what this row says, since the one before. */
  void got(Http2Row row) {
    assertThat(backend.malformed()).as("malformed at the backend").isEmpty();
    List<Request> all = backend.requests();
    List<Request> arrived = all.subList(requests, all.size());
    requests = all.size();
    switch (row.reach()) {
      case NOWHERE ->
          assertThat(backend.acceptedConnections()).as("connections at the backend").isZero();
      case IN_PART -> assertThat(arrived).as("whole requests at the backend").isEmpty();
      case PERHAPS -> {
        row.forwarded().stream().map(Request::parse).forEach(possible::add);
        assertThat(all).as("requests at the backend").hasSizeLessThanOrEqualTo(possible.size());
        arrived.forEach(this::isPossible);
      }
      case WHOLE -> {
        same(arrived, row.forwarded());
        assertThat(backend.receivedCount())
            .as("bytes at the backend, which are those of whole requests")
            .isEqualTo(all.stream().mapToLong(request -> request.raw().length).sum());
      }
    }
  }

  /** It may have come late, so which row it is of is not known. */
  private void isPossible(Request request) {
    Request expected =
        possible.stream()
            .filter(other -> other.method().equals(request.method()))
            .filter(other -> other.target().equals(request.target()))
            .findFirst()
            .orElseThrow(() -> new AssertionError("nobody asked for " + request));
    ForwardedCheck.same(request, expected);
  }

  private static void same(List<Request> arrived, List<String> forwarded) {
    assertThat(arrived).as("requests at the backend").hasSameSizeAs(forwarded);
    for (int i = 0; i < forwarded.size(); i++) {
      ForwardedCheck.same(arrived.get(i), Request.parse(forwarded.get(i)));
    }
  }
}
