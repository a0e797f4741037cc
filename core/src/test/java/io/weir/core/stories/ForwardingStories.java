package io.weir.core.stories;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.testkit.ByteBackend;
import io.weir.core.testkit.ByteClient;
import io.weir.core.testkit.ProxySetup;
import io.weir.core.testkit.Request;
import io.weir.core.testkit.Response;
import io.weir.core.testkit.Response.Framing;
import io.weir.core.testkit.Script;
import io.weir.core.testkit.Stories;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** Requests and answers that go through, in all their shapes. */
class ForwardingStories extends Stories {
  private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
  private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";
  private static final String CONTINUE = "HTTP/1.1 100 Continue\r\n\r\n";
  private static final Duration A_MOMENT = Duration.ofMillis(100);

  @Test
  void aRequestGoesThereAndAnAnswerComesBack() {
    ByteBackend backend = backend(Script.answers(OK));
    ByteClient client = client(starts(proxy().app(backend)));
    assertThat(client.sends(GET).receives(200).bodyText()).isEqualTo("hello");
    assertThat(backend.receivesOneRequest().target()).isEqualTo("/");
  }

  @Test
  void oneConnectionToTheBackendServesManyRequestsOfManyClients() {
    ByteBackend backend = backend(Script.answers(OK));
    var weir = starts(proxy().app(backend));
    for (int c = 0; c < 3; c++) {
      ByteClient client = client(weir);
      for (int i = 0; i < 5; i++) {
        client.sends(GET).receives(200);
      }
    }
    assertThat(backend.receivesRequests(15)).hasSize(15);
    assertThat(backend.acceptedConnections()).isEqualTo(1);
  }

  @Test
  void backendsTakeTurns() {
    ByteBackend first = backend(Script.answers(OK));
    ByteBackend second = backend(Script.answers(OK));
    ByteClient client = client(starts(proxy().app(first, second)));
    for (int i = 0; i < 10; i++) {
      client.sends(GET).receives(200);
    }
    assertThat(first.requests()).hasSize(5);
    assertThat(second.requests()).hasSize(5);
  }

  @Test
  void theBackendsConnectionCloseIsNotTheClients() {
    String closing = "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 5\r\n\r\nhello";
    ByteBackend backend = backend(Script.answersOnce(closing));
    ByteClient client = client(starts(proxy().app(backend)));
    for (int i = 0; i < 3; i++) {
      assertThat(client.sends(GET).receives(200).saysClose()).isFalse();
    }
    assertThat(backend.acceptedConnections()).isEqualTo(3);
  }

  @Test
  void anAnswerThatEndsWithTheConnectionEndsForTheClientInAnotherWay() {
    ByteBackend backend = backend(Script.answersOnce("HTTP/1.1 200 OK\r\n\r\nall of it"));
    ByteClient client = client(starts(proxy().app(backend)));
    for (int i = 0; i < 2; i++) {
      Response response = client.sends(GET).receives(200);
      assertThat(response.framing()).isEqualTo(Framing.CHUNKED);
      assertThat(response.bodyText()).isEqualTo("all of it");
    }
  }

  @Test
  void aClientOfHttp10GetsNoChunks() {
    String chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n";
    ByteBackend backend = backend(Script.answers(chunked));
    ByteClient client = client(starts(proxy().app(backend)));
    client.sends("GET / HTTP/1.0\r\nHost: a\r\nConnection: keep-alive\r\n\r\n");
    Response response = client.receives(200);
    assertThat(response.framing()).isEqualTo(Framing.CLOSE);
    assertThat(response.bodyText()).isEqualTo("hello");
  }

  @Test
  void aClientOfHttp10GetsNoInterimAnswer() {
    ByteBackend backend =
        backend(Script.answers("HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n" + OK));
    ByteClient client = client(starts(proxy().app(backend)));
    client.sends("GET / HTTP/1.0\r\nHost: a\r\n\r\n").receives(200);
  }

  @Test
  void aClientOfHttp10KeepsItsConnectionWhenItAsks() {
    ByteBackend backend = backend(Script.answers(OK));
    ByteClient client = client(starts(proxy().app(backend)));
    for (int i = 0; i < 3; i++) {
      client.sends("GET / HTTP/1.0\r\nHost: a\r\nConnection: keep-alive\r\n\r\n");
      assertThat(client.receives(200).headers().first("connection")).contains("keep-alive");
    }
    client.sends("GET / HTTP/1.0\r\nHost: a\r\n\r\n").receives(200);
    client.receivesEof();
  }

  @Test
  void aRequestOfHttp10WithoutHostReachesTheBackendWithOne() {
    ByteBackend backend = backend(Script.answers(OK));
    ByteClient client = client(starts(proxy().app(backend)));
    client.sends("GET / HTTP/1.0\r\n\r\n").receives(200);
    Request request = backend.receivesOneRequest();
    assertThat(request.version()).isEqualTo("HTTP/1.1");
    assertThat(request.headers().all("host")).hasSize(1);
  }

  @Test
  void headHasALengthAndNoBodyAndTheConnectionGoesOn() {
    ByteBackend backend =
        backend(
            Script.answers((on, request) ->
                on.sends(request.method().equals("HEAD") ? OK.replace("hello", "") : OK)));
    ByteClient client = client(starts(proxy().app(backend)));
    client.sends("HEAD / HTTP/1.1\r\nHost: a\r\n\r\n");
    assertThat(client.receivesResponseTo("HEAD").headers().first("content-length")).contains("5");
    assertThat(client.sends(GET).receives(200).bodyText()).isEqualTo("hello");
    assertThat(backend.acceptedConnections()).isEqualTo(1);
  }

  @Test
  void noContentAndNotModifiedKeepBothConnections() {
    ByteBackend backend =
        backend(
            Script.answers((on, request) ->
                on.sends(
                    request.target().equals("/204")
                        ? "HTTP/1.1 204 No Content\r\n\r\n"
                        : "HTTP/1.1 304 Not Modified\r\nContent-Length: 9\r\n\r\n")));
    ByteClient client = client(starts(proxy().app(backend)));
    client.sends("GET /204 HTTP/1.1\r\nHost: a\r\n\r\n").receives(204);
    client.sends("GET /304 HTTP/1.1\r\nHost: a\r\n\r\n").receives(304);
    client.sends("GET /204 HTTP/1.1\r\nHost: a\r\n\r\n").receives(204);
    assertThat(backend.acceptedConnections()).isEqualTo(1);
  }

  @Test
  void pipelinedRequestsAreAnsweredInOrderAndOneAtATime() {
    CountDownLatch gate = new CountDownLatch(1);
    ByteBackend backend =
        backend(on -> {
          on.receivesRequest();
          on.waitsFor(gate);
          on.sends(OK.replace("hello", "first"));
          on.receivesRequest();
          on.sends(OK.replace("hello", "secnd"));
          on.waitsForEnd();
        });
    ByteClient client = client(starts(proxy().app(backend)));
    client.sends(GET + GET).receivesNothingFor(A_MOMENT);
    assertThat(backend.requests()).hasSize(1);
    gate.countDown();
    assertThat(client.receives(200).bodyText()).isEqualTo("first");
    assertThat(client.receives(200).bodyText()).isEqualTo("secnd");
    assertThat(backend.acceptedConnections()).isEqualTo(1);
  }

  @Test
  void theBackendDecidesAboutContinue() {
    ByteBackend backend =
        backend(on -> {
          Request head = on.receivesHead();
          on.sends(CONTINUE);
          on.receivesBody(head);
          on.sends(OK);
          on.waitsForEnd();
        });
    ByteClient client = client(starts(proxy().app(backend)));
    client.sends("PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n");
    client.receives(100);
    client.sends("body").receives(200);
    assertThat(backend.receivesOneRequest().bodyText()).isEqualTo("body");
  }

  @Test
  void theBackendMayRefuseInsteadOfContinuing() {
    ByteBackend backend =
        backend(on -> {
          on.receivesHead();
          on.sends("HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\nno");
          on.waitsForEnd();
        });
    ByteClient client = client(starts(proxy().app(backend)));
    client.sends("PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n");
    assertThat(client.receives(403).bodyText()).isEqualTo("no");
    // The four bytes may come or not: only a new connection is free of doubt.
    client.receivesClose();
    assertThat(backend.connection(0).requests().getFirst().body()).isEmpty();
  }

  @Test
  void anEarlyAnswerReachesTheClientBeforeItsUploadEnds() {
    ByteBackend backend =
        backend(on -> {
          on.receivesHead();
          on.sends("HTTP/1.1 413 Too Much\r\nContent-Length: 2\r\n\r\nno");
          on.waitsForEnd();
        });
    ByteClient client = client(starts(proxy().app(backend)));
    client.sends("PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n\r\nbegin");
    assertThat(client.receives(413).bodyText()).isEqualTo("no");
    client.receivesClose();
  }

  @Test
  void anUploadFlowsWhileItIsSent() {
    ByteBackend backend =
        backend(on -> {
          Request head = on.receivesHead();
          on.sends(CONTINUE);
          on.receivesBody(head);
          on.sends(OK);
          on.waitsForEnd();
        });
    ByteClient client = client(starts(proxy().app(backend)));
    client.sends("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n");
    client.receives(100);
    ByteBackend.waitsUntil(
        "the first chunk at the backend",
        () -> new String(backend.connection(0).received()).contains("hello"));
    client.sends("0\r\nX-Sum: 7\r\n\r\n").receives(200);
    Request request = backend.receivesOneRequest();
    assertThat(request.bodyText()).isEqualTo("hello");
    assertThat(request.trailers().first("x-sum")).contains("7");
  }

  @Test
  void aDownloadFlowsWhileItIsMade() {
    CountDownLatch gate = new CountDownLatch(1);
    ByteBackend backend =
        backend(on -> {
          on.receivesRequest();
          on.sends("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nfirst").waitsFor(gate);
          on.sends("later").waitsForEnd();
        });
    ByteClient client = client(starts(proxy().app(backend)));
    client.sends(GET).receivesHead();
    assertThat(client.receivesBytes(5)).isEqualTo("first");
    gate.countDown();
    assertThat(client.receivesBytes(5)).isEqualTo("later");
  }

  @Test
  void theClientsAddressIsTheOneThatATrustedProxyNames() {
    ByteBackend backend = backend(Script.answers(OK));
    ByteClient client = client(starts(proxy().app(backend).trusts("127.0.0.0/8", "10.0.0.0/8")));
    client.sends(
        "GET / HTTP/1.1\r\nHost: a\r\nX-Forwarded-Proto: https\r\n"
            + "X-Forwarded-For: 203.0.113.9, 192.0.2.1\r\nX-Forwarded-For: 10.0.0.1\r\n\r\n");
    client.receives(200);
    List<String> forwarded = backend.receivesOneRequest().headers().all("x-forwarded-for");
    // What the client claimed stays outside: the address that rules, logs and backends use is one.
    assertThat(forwarded).hasSize(1);
    assertThat(forwarded.getFirst()).contains("192.0.2.1").doesNotContain("203.0.113.9");
  }

  @Test
  void whatOnlyATrustedProxyMaySayIsNotPassedOnFromStrangers() {
    ByteBackend backend = backend(Script.answers(OK));
    String head =
        "GET / HTTP/1.1\r\n"
            + "Host: a\r\n"
            + "CF-Connecting-IP: 192.0.2.1\r\n"
            + "Cf_Connecting_Ip: 192.0.2.2\r\n\r\n";
    ProxySetup setup = proxy().app(backend).clientHeader("cf-connecting-ip");
    client(starts(setup)).sends(head).receives(200);
    client(starts(setup.trusts("127.0.0.0/8"))).sends(head).receives(200);
    List<Request> requests = backend.receivesRequests(2);
    assertThat(requests.getFirst().headers().all("cf-connecting-ip")).isEmpty();
    assertThat(requests.getFirst().headers().all("cf_connecting_ip")).isEmpty();
    assertThat(requests.getLast().headers().all("cf-connecting-ip")).containsExactly("192.0.2.1");
    assertThat(requests.getLast().headers().all("x-forwarded-for")).containsExactly("192.0.2.1");
  }

  @Test
  void connectionCannotTakeAwayWhatATrustedProxySaysOfTheClient() {
    ByteBackend backend = backend(Script.answers(OK));
    ProxySetup setup = proxy().app(backend).clientHeader("forwarded").trusts("127.0.0.0/8");
    String head = "GET / HTTP/1.1\r\nHost: a\r\n";
    client(starts(setup))
        .sends(head + "Connection: Forwarded\r\nForwarded: for=192.0.2.1\r\n\r\n")
        .receives(200);
    List<String> forwarded = backend.receivesOneRequest().headers().all("x-forwarded-for");
    assertThat(forwarded).containsExactly("192.0.2.1");
  }

  @Test
  void norBehindABody() {
    ByteBackend backend = backend(Script.answers(OK));
    String request =
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
            + "2\r\nhi\r\n0\r\nCF-Connecting-IP: 192.0.2.1\r\nX-Sum: 7\r\n\r\n";
    ProxySetup setup = proxy().app(backend).clientHeader("cf-connecting-ip");
    client(starts(setup)).sends(request).receives(200);
    client(starts(setup.trusts("127.0.0.0/8"))).sends(request).receives(200);
    List<Request> requests = backend.receivesRequests(2);
    assertThat(requests.getFirst().trailers().all("cf-connecting-ip")).isEmpty();
    assertThat(requests.getFirst().trailers().all("x-sum")).containsExactly("7");
    assertThat(requests.getLast().trailers().all("cf-connecting-ip")).containsExactly("192.0.2.1");
  }

  @Test
  void nothingOfAnUnknownLengthIsLost() {
    String large = "x".repeat(300_000);
    ByteBackend backend = backend(Script.answersOnce("HTTP/1.0 200 OK\r\n\r\n" + large));
    ByteClient client = client(starts(proxy().app(backend)));
    assertThat(client.sends(GET).receives(200).bodyText()).isEqualTo(large);
  }
}
