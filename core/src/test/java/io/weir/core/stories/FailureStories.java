package io.weir.core.stories;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.testkit.ByteBackend;
import io.weir.core.testkit.ByteClient;
import io.weir.core.testkit.DeadEnd;
import io.weir.core.testkit.ProxySetup;
import io.weir.core.testkit.Request;
import io.weir.core.testkit.Response;
import io.weir.core.testkit.Script;
import io.weir.core.testkit.Stories;
import io.weir.core.testkit.WeirUnderTest;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** Backends that fail and clients that go away: who is told what, and what is tried again. */
class FailureStories extends Stories {
  private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
  private static final String POST = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nhi";
  private static final String EMPTY_POST =
      "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n";
  private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";
  private static final Duration SOON = Duration.ofMillis(300);

  /** Longer than any thread of a test is held up: what must not run out while it is. */
  private static final Duration AMPLE = Duration.ofSeconds(2);

  private static final Duration LATE = Duration.ofSeconds(60);

  @Test
  void aBackendThatRefusesIsA502AndTheConnectionGoesOn() {
    DeadEnd refusing = keeps(DeadEnd.refusing());
    WeirUnderTest weir = starts(proxy().app(refusing.address()));
    ByteClient client = client(weir);
    client.sends(GET).receives(502);
    client.sends(GET).receives(502);
    assertThat(weir.log().line(1).attempts()).isEqualTo(1);
    assertThat(weir.figure("weir_pool_retries_total")).as("there is no other").isZero();
  }

  @Test
  void aBackendThatRefusesIsPassedOver() {
    DeadEnd refusing = keeps(DeadEnd.refusing());
    ByteBackend backend = backend(Script.answers(OK));
    WeirUnderTest weir = starts(proxy().app(refusing.address(), backend.address()));
    ByteClient client = client(weir);
    for (int i = 0; i < 6; i++) {
      client.sends(i % 2 == 0 ? GET : POST).receives(200);
    }
    assertThat(backend.receivesRequests(6)).hasSize(6);
    assertThat(weir.log().line(5).outcome()).isEqualTo("ok");
    assertThat(weir.figure("weir_pool_retries_total", ProxySetup.APP, "ok")).isPositive();
    assertThat(weir.figure("weir_pool_retries_total", ProxySetup.APP, "failed")).isZero();
  }

  @Test
  void aBackendThatIsSilentIsPassedOver() {
    DeadEnd silent = keeps(DeadEnd.silent());
    ByteBackend backend = backend(Script.answers(OK));
    ByteClient client =
        client(
            starts(proxy().app(silent.address(), backend.address()).backendTimeouts(AMPLE, LATE)));
    client.sends(GET).receives(200);
    client.sends(POST).receives(200);
    client.sends(GET).receives(200);
  }

  @Test
  void aBackendThatIsSilentAndAloneIsA504() {
    DeadEnd silent = keeps(DeadEnd.silent());
    var weir = starts(proxy().app(silent.address()).backendTimeouts(SOON, LATE));
    client(weir).sends(GET).receives(504);
  }

  @Test
  void aBackendThatDoesNotAnswerIsA504AndIsLeftAlone() {
    ByteBackend backend = backend(Script.stalls());
    var weir = starts(proxy().app(backend).backendTimeouts(LATE, SOON));
    client(weir).sends(GET).receives(504);
    backend.seesEndOf(0);
    assertThat(backend.acceptedConnections()).isEqualTo(1);
  }

  @Test
  void aBackendThatStopsInTheMidstOfABodyIsCutOff() {
    ByteBackend backend =
        backend(on -> {
          on.receivesRequest();
          on.sends("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello");
          on.waitsForEnd();
        });
    ByteClient client = client(starts(proxy().app(backend).backendTimeouts(LATE, AMPLE)));
    Response head = client.sends(GET).receivesHead();
    assertThat(client.bodyBreaksOff(head)).isTrue();
    backend.seesEndOf(0);
  }

  @Test
  void aBackendThatClosesWithoutAnswerIsA502() {
    ByteBackend backend = backend(Script.closesWithoutAnswer());
    ByteClient client = client(starts(proxy().app(backend)));
    client.sends(POST).receives(502);
    client.sends(GET).receives(502);
  }

  @Test
  void aBackendThatResetsIsA502() {
    ByteBackend backend = backend(Script.resets());
    ByteClient client = client(starts(proxy().app(backend)));
    client.sends(POST).receives(502);
    client.sends(GET).receives(502);
  }

  @Test
  void aNewConnectionThatDiesIsNotTriedAgain() {
    ByteBackend dying = backend(Script.closesWithoutAnswer());
    ByteClient client = client(starts(proxy().app(dying)));
    client.sends(GET).receives(502);
    assertThat(dying.acceptedConnections()).isEqualTo(1);
  }

  @Test
  void aReusedConnectionThatDiesIsTriedAgainForGet() {
    ByteBackend backend = backend(answersOnceThenDies(), Script.answers(OK));
    ByteClient client = client(starts(proxy().app(backend)));
    client.sends(GET).receives(200);
    client.sends(GET).receives(200);
    assertThat(backend.acceptedConnections()).isEqualTo(2);
    assertThat(backend.receivesRequests(3)).hasSize(3);
  }

  @Test
  void aReusedConnectionThatDiesIsA502ForPost() {
    ByteBackend backend = backend(answersOnceThenDies(), Script.answers(OK));
    ByteClient client = client(starts(proxy().app(backend)));
    client.sends(GET).receives(200);
    client.sends(EMPTY_POST).receives(502);
    assertThat(backend.receivesRequests(2)).hasSize(2);
  }

  @Test
  void aReusedConnectionThatDiesIsA502ForABodyOnItsWay() {
    ByteBackend backend = backend(answersOnceThenDies(), Script.answers(OK));
    ByteClient client = client(starts(proxy().app(backend)));
    client.sends(GET).receives(200);
    client.sends(POST.replace("POST", "PUT")).receives(502);
    assertThat(backend.receivesRequests(2)).hasSize(2);
  }

  @Test
  void aReusedConnectionThatDiesInTheMidstOfAHeadIsNotTriedAgain() {
    Script script =
        on -> {
          on.receivesRequest();
          on.sends(OK);
          on.receivesRequest();
          on.sends("HTTP/1.1 2");
        };
    ByteBackend backend = backend(script, Script.answers(OK));
    ByteClient client = client(starts(proxy().app(backend)));
    client.sends(GET).receives(200);
    client.sends(GET).receives(502);
    assertThat(backend.acceptedConnections()).isEqualTo(1);
  }

  private static Script answersOnceThenDies() {
    return on -> {
      on.receivesRequest();
      on.sends(OK);
      on.receivesRequest();
      on.resets();
    };
  }

  @Test
  void anIdleConnectionThatTheBackendClosedIsNotUsed() {
    ByteBackend backend = backend(Script.answersOnce(OK));
    ByteClient client = client(starts(proxy().app(backend)));
    for (int i = 0; i < 5; i++) {
      client.sends(EMPTY_POST).receives(200);
      backend.seesEndOf(i);
      // The FIN is on its way; a POST that meets it would be a 502, so wait as a client would.
      client.receivesNothingFor(Duration.ofMillis(50));
    }
    assertThat(backend.acceptedConnections()).isEqualTo(5);
  }

  @Test
  void anAnswerThatNobodyAskedForIsGivenToNobody() {
    CountDownLatch gate = new CountDownLatch(1);
    ByteBackend backend =
        backend(
            on -> {
              on.receivesRequest();
              on.sends(OK).waitsFor(gate).sends(OK.replace("hello", "evil!")).waitsForEnd();
            },
            Script.answers(OK));
    ByteClient client = client(starts(proxy().app(backend)));
    client.sends(GET).receives(200);
    gate.countDown();
    backend.seesEndOf(0);
    assertThat(client.sends(GET).receives(200).bodyText()).isEqualTo("hello");
    assertThat(backend.acceptedConnections()).isEqualTo(2);
  }

  @Test
  void aBackendThatDiesInTheMidstOfABodyIsSeenByTheClient() {
    for (String dying :
        new String[] {
          "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello",
          "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n"
        }) {
      ByteBackend backend = backend(Script.sendsThenDies(dying));
      ByteClient client = client(starts(proxy().app(backend)));
      Response head = client.sends(GET).receivesHead();
      assertThat(client.bodyBreaksOff(head)).as(dying).isTrue();
    }
  }

  @Test
  void aResetInPlaceOfAnEndIsSeenByTheClient() {
    CountDownLatch gate = new CountDownLatch(1);
    ByteBackend backend =
        backend(on -> {
          on.receivesRequest();
          on.sends("HTTP/1.1 200 OK\r\n\r\nhello").waitsFor(gate);
          on.resets();
        });
    ByteClient client = client(starts(proxy().app(backend)));
    Response head = client.sends(GET).receivesHead();
    gate.countDown();
    assertThat(client.bodyBreaksOff(head)).isTrue();
  }

  @Test
  void aClientThatGoesAwayEndsTheWorkOfTheBackend() {
    ByteBackend backend = backend(Script.stalls());
    ByteClient client = client(starts(proxy().app(backend)));
    client.sends(GET);
    backend.receivesOneRequest();
    client.resets();
    backend.seesEndOf(0);
  }

  /** A FIN in the midst of an exchange is how most clients go away, so it counts as that. */
  @Test
  void aClientThatSaysGoodbyeEndsTheWorkOfTheBackend() {
    ByteBackend backend = backend(Script.stalls());
    ByteClient client = client(starts(proxy().app(backend)));
    client.sends(GET);
    backend.receivesOneRequest();
    client.close();
    backend.seesEndOf(0);
  }

  @Test
  void aClientThatGoesAwayInTheMidstOfItsUploadLeavesNoWholeRequest() {
    ByteBackend backend = backend(Script.answers(OK));
    ByteClient client = client(starts(proxy().app(backend)));
    client.sends("PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nbegin");
    ByteBackend.waitsUntil("a connection", () -> backend.acceptedConnections() == 1);
    client.resets();
    backend.seesEndOf(0);
    assertThat(backend.requests()).isEmpty();
  }

  @Test
  void anUploadThatEndsTooEarlyIsNoWholeRequest() {
    ByteBackend backend = backend(Script.answers(OK));
    ByteClient client = client(starts(proxy().app(backend)));
    client.sends("PUT / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n");
    ByteBackend.waitsUntil("a connection", () -> backend.acceptedConnections() == 1);
    client.finishesSending().receivesUntilClose();
    backend.seesEndOf(0);
    assertThat(backend.requests()).isEmpty();
  }

  @Test
  void aClientThatGoesAwayInTheMidstOfADownloadEndsIt() {
    ByteBackend backend =
        backend(on -> {
          on.receivesRequest();
          on.sends("HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n");
          on.sendsZeros(1_000_000_000);
        });
    ByteClient client = client(starts(proxy().app(backend)));
    client.sends(GET).receivesHead();
    client.receivesAndDrops(100_000).resets();
    backend.seesEndOf(0);
    assertThat(backend.connection(0).sentCount()).isLessThan(1_000_000_000);
  }

  @Test
  void aClientThatDoesNotFinishItsHeadIsA408() {
    ByteBackend backend = backend(Script.answers(OK));
    var weir = starts(proxy().app(backend).clientTimeouts(SOON, LATE, LATE));
    ByteClient client = client(weir);
    client.sends("GET / HTTP/1.1\r\nHos");
    assertThat(client.receives(408).saysClose()).isTrue();
    client.receivesClose();
    backend.receivedNothing();
  }

  @Test
  void aClientThatStopsInTheMidstOfItsBodyIsA408() {
    ByteBackend backend = backend(Script.answers(OK));
    var weir = starts(proxy().app(backend).clientTimeouts(LATE, SOON, LATE));
    ByteClient client = client(weir);
    client.sends("PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nbegin");
    assertThat(client.receives(408).saysClose()).isTrue();
    client.receivesClose();
    assertThat(backend.requests()).isEmpty();
  }

  @Test
  void aClientThatAsksForNothingIsSentAwayWithoutAWord() {
    ByteBackend backend = backend(Script.answers(OK));
    var weir = starts(proxy().app(backend).clientTimeouts(LATE, LATE, SOON));
    ByteClient client = client(weir);
    client.sends(GET).receives(200);
    client.receivesClose();
  }

  @Test
  void tooMuchBodyIsA413EvenWhileItIsSent() {
    ByteBackend backend = backend(Script.answers(OK));
    var weir = starts(proxy().app(backend).bodySize(100_000));
    ByteClient client = client(weir);
    client.sends("PUT / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n");
    String chunk = "4000\r\n" + "x".repeat(0x4000) + "\r\n";
    client.sendsWhatIsTaken(chunk.repeat(10));
    assertThat(client.receives(413).saysClose()).isTrue();
    client.receivesClose();
    assertThat(backend.requests()).isEmpty();
  }

  @Test
  void aRefusalReachesAClientThatIsStillSending() {
    ByteBackend backend = backend(Script.answers(OK));
    var weir = starts(proxy().app(backend).bodySize(1_000));
    for (int i = 0; i < 20; i++) {
      ByteClient client = client(weir);
      client.sends("PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 3000000\r\n\r\n");
      client.sendsWhatIsTaken("x".repeat(3_000_000));
      client.receives(413);
    }
    backend.receivedNothing();
  }

  @Test
  void aBrokenBodyRightBehindItsHeadIsA502() {
    ByteBackend backend =
        backend(
            Script.answers("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\ncut!\r\nx"));
    ByteClient client = client(starts(proxy().app(backend)));
    client.sends(GET);
    assertThat(client.receives(502).bodyText()).doesNotContain("cut!");
    client.sends(GET).receives(502);
  }

  @Test
  void anEarlyAnswerAndAResetIsStillAnAnswer() {
    ByteBackend backend =
        backend(on -> {
          Request head = on.receivesHead();
          assertThat(head.method()).isEqualTo("PUT");
          on.sends("HTTP/1.1 413 Too Much\r\nContent-Length: 2\r\n\r\nno");
        });
    var weir = starts(proxy().app(backend));
    for (int i = 0; i < 200; i++) {
      ByteClient client = client(weir);
      client.sends("PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 3000000\r\n\r\n");
      client.sendsWhatIsTaken("x".repeat(100_000));
      assertThat(client.receives(413).bodyText()).isEqualTo("no");
    }
  }

  @Test
  void theLogTellsHowItEnded() {
    DeadEnd refusing = keeps(DeadEnd.refusing());
    ByteBackend backend = backend(Script.answers(OK));
    var weir =
        starts(
            proxy()
                .pool("down", refusing.address())
                .pool("up", backend.address())
                .route("", "/down", "down")
                .route("", "/up", "up"));
    ByteClient client = client(weir);
    client.sends("GET /up HTTP/1.1\r\nHost: a\r\n\r\n").receives(200);
    client.sends("GET /down HTTP/1.1\r\nHost: a\r\n\r\n").receives(502);
    assertThat(weir.log().line(0))
        .matches(line -> line.status() == 200 && line.outcome().equals("ok"));
    assertThat(weir.log().line(1))
        .matches(line -> line.status() == 502 && line.outcome().equals("connect_failed"));
  }
}
