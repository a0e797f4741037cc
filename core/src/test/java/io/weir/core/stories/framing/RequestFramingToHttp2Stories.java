package io.weir.core.stories.framing;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.config.BackendConfig;
import io.weir.core.config.HttpProtocol;
import io.weir.core.config.KeepAliveConfig;
import io.weir.core.config.PoolConfig;
import io.weir.core.stories.framing.RequestRow.Forwarded;
import io.weir.core.stories.framing.RequestRow.Refused;
import io.weir.core.testkit.ByteClient;
import io.weir.core.testkit.Http2Backend;
import io.weir.core.testkit.Http2Request;
import io.weir.core.testkit.LeakWatch;
import io.weir.core.testkit.ProxySetup;
import io.weir.core.testkit.Request;
import io.weir.core.testkit.Stage;
import io.weir.core.testkit.WeirUnderTest;
import io.weir.core.testkit.Wire;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The same table in front of a backend of HTTP/2: each row is refused, or arrives as exactly one
 * request that can be read in one way.
 */
@TestInstance(Lifecycle.PER_CLASS)
class RequestFramingToHttp2Stories {
  private final Stage stage = new Stage();
  private Http2Backend backend;
  private WeirUnderTest weir;

  /** All but those that leave HTTP, which HTTP/2 does in another way (RFC 8441). */
  static Stream<RequestRow> rows() {
    return RequestFramingStories.rows()
        .filter(row ->
            !(row.expected() instanceof Forwarded forwarded)
                || forwarded.requests().stream().noneMatch(text -> text.contains("Upgrade: ")));
  }

  @BeforeAll
  void starts() {
    LeakWatch.install();
    backend =
        stage.keeps(
            Http2Backend.playing(
                Http2Backend.answers((on, request) -> {
                  // With a length, so that also a client of HTTP/1.0 may go on.
                  on.head(request.stream(), false, ":status", "200", "content-length", "2");
                  on.data(request.stream(), Wire.bytes("ok"), true);
                })));
    Duration soon = Duration.ofSeconds(2);
    PoolConfig pool =
        new PoolConfig(
            PoolConfig.BalanceConfig.ROUND_ROBIN,
            List.of(new BackendConfig(ProxySetup.hostPort(backend.address()), 1, false)),
            null,
            KeepAliveConfig.DEFAULTS,
            HttpProtocol.H2C,
            null,
            null);
    weir =
        stage.starts(
            new ProxySetup()
                .pool(ProxySetup.APP, pool)
                .route("", "", ProxySetup.APP)
                .bodySize(RequestFramingStories.BODY_LIMIT)
                .clientTimeouts(soon, soon, soon));
  }

  @AfterAll
  void ends() {
    stage.close();
    LeakWatch.findsNothing();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("rows")
  void arrivesAsOneRequestOrNone(RequestRow row) {
    int before = backend.requests().size();
    try (ByteClient client = ByteClient.connect(weir.address(ProxySetup.WEB))) {
      client.sendsWhatIsTaken(row.bytes());
      RequestFramingStories.clientSees(client, row.expected());
    }
    try (ByteClient fence = ByteClient.connect(weir.address(ProxySetup.WEB))) {
      fence.sends(RequestFramingStories.FENCE).receives(200);
    }
    List<Http2Request> arrived = backend.requests().subList(before, backend.requests().size());
    List<String> wanted =
        switch (row.expected()) {
          case Refused refused -> refused.requests();
          case Forwarded forwarded -> forwarded.requests();
          case RequestRow.Cut cut -> List.of();
          case RequestRow.BrokenOff brokenOff -> List.of();
          case RequestRow.Answered answered -> List.of();
        };
    assertThat(arrived.stream().map(Http2Request::path))
        .as("paths at the backend")
        .hasSize(wanted.size() + 1)
        .last()
        .isEqualTo("/fence");
    for (int i = 0; i < wanted.size(); i++) {
      Http2ForwardedCheck.same(arrived.get(i), Request.parse(wanted.get(i)));
    }
  }
}
