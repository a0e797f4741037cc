package io.weir.core.stories.http2;

import static io.weir.core.testkit.Http2Frame.windowUpdate;
import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.testkit.ByteBackend;
import io.weir.core.testkit.ByteClient;
import io.weir.core.testkit.Http2Backend;
import io.weir.core.testkit.Http2Client;
import io.weir.core.testkit.Http2Request;
import io.weir.core.testkit.Http2Talk;
import io.weir.core.testkit.ProxySetup;
import io.weir.core.testkit.WeirUnderTest;
import java.io.ByteArrayOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Peers that tell of every 4 KiB that they read, twice, as the HTTP/2 of Go does: no flood. */
class AcknowledgementStories extends Http2BackendStories {
  private static final int MUCH = 100 << 20;
  private static final int READ = 4 * 1024;

  /** One who has asked for much, on stream 1. */
  private Http2Client downloads() {
    ByteBackend backend =
        backend(on -> {
          on.receivesRequest();
          on.sends("HTTP/1.1 200 OK\r\nContent-Length: " + MUCH + "\r\n\r\n");
          on.sendsZeros(MUCH).waitsForEnd();
        });
    WeirUnderTest weir = starts(proxy().listensH2c(ProxySetup.WEB).app(backend));
    Http2Client client = keeps(Http2Client.open(weir.address(ProxySetup.WEB))).dropsBodies();
    return client.asks(1);
  }

  @Test
  @Timeout(120)
  void aDownloadThatIsAcknowledgedBitByBitIsComplete() {
    Http2Client client = downloads();
    int acknowledged = 0;
    while (!client.on(1).ended()) {
      assertThat(client.receivesFrame()).as("GOAWAY: %s", client.why()).isTrue();
      ByteArrayOutputStream updates = new ByteArrayOutputStream();
      for (; client.on(1).length() - acknowledged >= READ; acknowledged += READ) {
        updates.writeBytes(windowUpdate(1, READ).bytes());
        updates.writeBytes(windowUpdate(0, READ).bytes());
      }
      client.sends(updates.toByteArray());
    }
    assertThat(client.receives(1, 200).length()).isEqualTo(MUCH);
    assertThat(client.isAnswered()).as("alive; %s", client.why()).isTrue();
  }

  @Test
  @Timeout(120)
  void anUploadThatABackendAcknowledgesBitByBitIsComplete() throws Exception {
    Http2Backend backend =
        http2(on -> {
          on.begins();
          Http2Request request = on.receivesHead();
          int got = 0;
          int acknowledged = 0;
          boolean ended = false;
          while (!ended) {
            Http2Talk.Frame data = on.receives(Http2Talk.DATA);
            got += data.payload().length;
            ended = data.has(Http2Talk.END_STREAM);
            ByteArrayOutputStream updates = new ByteArrayOutputStream();
            for (; got - acknowledged >= READ; acknowledged += READ) {
              updates.writeBytes(windowUpdate(request.stream(), READ).bytes());
              updates.writeBytes(windowUpdate(0, READ).bytes());
            }
            on.sendsRaw(updates.toByteArray());
          }
          on.answers(request.stream(), 200, Integer.toString(got));
          on.waitsForEnd();
        });
    WeirUnderTest weir = starts(to(backend).bodySize(MUCH));
    ByteClient client = client(weir);
    client.sends("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: " + MUCH + "\r\n\r\n");
    client.sendsZeros(MUCH);
    assertThat(client.receives(200).bodyText()).isEqualTo(Integer.toString(MUCH));
    assertThat(backend.connections()).isEqualTo(1);
  }

  @Test
  void whoAcknowledgesByteAfterByteIsAFlood() {
    Http2Client client = downloads();
    byte[] update = windowUpdate(1, 1).bytes();
    ByteArrayOutputStream updates = new ByteArrayOutputStream();
    for (int i = 0; i < 20_000; i++) {
      updates.writeBytes(update);
    }
    client.sendsWhatIsTaken(updates.toByteArray());
    assertThat(client.receivesGoAway()).isEqualTo(Http2Row.ENHANCE_YOUR_CALM);
  }
}
