package io.weir.core.stories;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.config.HttpProtocol;
import io.weir.core.testkit.ByteBackend;
import io.weir.core.testkit.ByteClient;
import io.weir.core.testkit.Http2Backend;
import io.weir.core.testkit.ProxySetup;
import io.weir.core.testkit.Script;
import io.weir.core.testkit.Stories;
import io.weir.core.testkit.WeirUnderTest;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A reload holds for the next request, also on connections to backends that were open before. */
class PoolReloadStories extends Stories {
  private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
  private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";
  private static final Duration SOON = Duration.ofSeconds(1);
  private static final Duration LATE = Duration.ofSeconds(60);

  private ProxySetup shared(Http2Backend backend) {
    return proxy()
        .pool("app", HttpProtocol.H2C, ProxySetup.hostPort(backend.address()))
        .route("", "", "app");
  }

  private static void reloads(WeirUnderTest weir, ProxySetup setup) {
    assertThat(weir.apply(setup.config())).isEmpty();
  }

  @Test
  void whatRequestsSayOfUs() {
    ByteBackend backend = backend(Script.answers(OK));
    WeirUnderTest weir = starts(proxy().app(backend));
    ByteClient client = client(weir);
    client.sends(GET).receives(200);
    reloads(weir, proxy().app(backend).withoutVia());
    client.sends(GET).receives(200);
    assertThat(backend.requests().getFirst().headers().has("via")).isTrue();
    assertThat(backend.requests().getLast().headers().has("via")).isFalse();
    assertThat(backend.acceptedConnections()).isEqualTo(1);
  }

  @Test
  void whatRequestsSayOfUsOnStreams() {
    Http2Backend backend =
        keeps(
            Http2Backend.playing(
                Http2Backend.answers((on, request) -> on.answers(request.stream(), 200, "ok"))));
    WeirUnderTest weir = starts(shared(backend));
    ByteClient client = client(weir);
    client.sends(GET).receives(200);
    reloads(weir, shared(backend).withoutVia());
    client.sends(GET).receives(200);
    assertThat(backend.requests().getFirst().all("via")).isNotEmpty();
    assertThat(backend.requests().getLast().all("via")).isEmpty();
    assertThat(backend.connections()).isEqualTo(1);
  }

  @Test
  void howLongBackendsMayBeSilent() {
    ByteBackend backend =
        backend(on -> {
          on.receivesRequest();
          on.sends(OK).receivesRequest();
          on.waitsForEnd();
        });
    WeirUnderTest weir = starts(proxy().app(backend).backendTimeouts(LATE, LATE));
    ByteClient client = client(weir);
    client.sends(GET).receives(200);
    reloads(weir, proxy().app(backend).backendTimeouts(LATE, SOON));
    client.sends(GET).receives(504);
    assertThat(backend.acceptedConnections()).isEqualTo(1);
  }
}
