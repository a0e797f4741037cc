package io.weir.core.stories.http2;

import static io.weir.core.testkit.Http2Backend.answers;
import static io.weir.core.testkit.Http2Backend.answersOn;
import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.config.HealthConfig;
import io.weir.core.config.HealthConfig.StatusRange;
import io.weir.core.config.HttpProtocol;
import io.weir.core.config.KeepAliveConfig;
import io.weir.core.config.PoolConfig;
import io.weir.core.config.PoolConfig.BalanceConfig;
import io.weir.core.testkit.ByteBackend;
import io.weir.core.testkit.ByteClient;
import io.weir.core.testkit.Curl;
import io.weir.core.testkit.Http2Backend;
import io.weir.core.testkit.Http2Request;
import io.weir.core.testkit.Http2Talk;
import io.weir.core.testkit.NginxBackend;
import io.weir.core.testkit.Openssl;
import io.weir.core.testkit.ProxySetup;
import io.weir.core.testkit.Response;
import io.weir.core.testkit.Script;
import io.weir.core.testkit.Stories;
import io.weir.core.testkit.WeirUnderTest;
import io.weir.tls.UpstreamTlsConfig;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Requests to backends over HTTP/2: how they share connections, and what becomes of them. */
class UpstreamStories extends Stories {
  private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
  private static final int NO_ERROR = 0;
  private static final int REFUSED_STREAM = 7;
  private static final int CANCEL = 8;

  private Http2Backend http2(Http2Backend.Script... scripts) {
    return keeps(Http2Backend.playing(scripts));
  }

  private static PoolConfig pool(InetSocketAddress... addresses) {
    return Http2Pools.h2c(null, addresses);
  }

  private static ProxySetup to(Http2Backend... backends) {
    InetSocketAddress[] addresses =
        List.of(backends).stream().map(Http2Backend::address).toArray(InetSocketAddress[]::new);
    return proxy().pool(ProxySetup.APP, pool(addresses)).route("", "", ProxySetup.APP);
  }

  private static Http2Backend.Script saysHello() {
    return answers((on, request) -> on.answers(request.stream(), 200, "hello"));
  }

  // One request.

  @Test
  void aRequestIsTranslated() {
    Http2Backend backend = http2(saysHello());
    WeirUnderTest weir = starts(to(backend));
    client(weir)
        .sends(
            "POST /x?y=z HTTP/1.1\r\nHost: www.foobar.com:81\r\nConnection: x-hop, keep-alive\r\n"
                + "X-Hop: 1\r\nKeep-Alive: timeout=3\r\nX-Thing: 1\r\nCookie: a=1; b=2\r\n"
                + "Content-Length: 4\r\n\r\nbody");
    ByteBackend.waitsUntil("a request", () -> backend.requests().size() == 1);
    Http2Request got = backend.requests().getFirst();
    assertThat(got.all(":method")).containsExactly("POST");
    assertThat(got.all(":scheme")).containsExactly("http");
    assertThat(got.all(":authority")).containsExactly("www.foobar.com:81");
    assertThat(got.all(":path")).containsExactly("/x?y=z");
    assertThat(got.all("x-thing")).containsExactly("1");
    assertThat(got.all("cookie")).containsExactly("a=1; b=2");
    assertThat(got.all("content-length")).containsExactly("4");
    assertThat(got.all("x-forwarded-for")).containsExactly("127.0.0.1");
    assertThat(got.all("x-forwarded-proto")).containsExactly("http");
    assertThat(got.all("x-forwarded-host")).containsExactly("www.foobar.com:81");
    assertThat(got.all("via")).containsExactly("1.1 weir");
    assertThat(got.all("x-request-id")).hasSize(1);
    assertThat(got.text()).isEqualTo("body");
    for (String hop : List.of("connection", "keep-alive", "x-hop", "host", "te")) {
      assertThat(got.all(hop)).as(hop).isEmpty();
    }
  }

  @Test
  void aResponseIsTranslated() {
    Http2Backend backend =
        http2(
            answers((on, request) ->
                on.head(
                        request.stream(),
                        false,
                        ":status",
                        "404",
                        "x-thing",
                        "1",
                        "set-cookie",
                        "a")
                    .data(request.stream(), "nothing".getBytes(), false)
                    .head(request.stream(), true, "x-checksum", "7")));
    Response response = client(starts(to(backend))).sends(GET).receives(404);
    assertThat(response.headers().all("x-thing")).containsExactly("1");
    assertThat(response.headers().all("set-cookie")).containsExactly("a");
    assertThat(response.bodyText()).isEqualTo("nothing");
    assertThat(response.framing()).isEqualTo(Response.Framing.CHUNKED);
    assertThat(response.trailers().all("x-checksum")).containsExactly("7");
  }

  @Test
  void responsesWithoutABody() {
    Http2Backend backend =
        http2(
            answers((on, request) -> {
              String status = request.path().substring(1);
              String[] length =
                  status.equals("200") ? new String[] {"content-length", "9"} : new String[0];
              String[] fields = new String[2 + length.length];
              fields[0] = ":status";
              fields[1] = status;
              System.arraycopy(length, 0, fields, 2, length.length);
              on.head(request.stream(), true, fields);
            }));
    WeirUnderTest weir = starts(to(backend));
    ByteClient client = client(weir);
    client.sends("HEAD /200 HTTP/1.1\r\nHost: a\r\n\r\n");
    assertThat(client.receivesResponseTo("HEAD").headers().all("content-length"))
        .containsExactly("9");
    client.sends("GET /204 HTTP/1.1\r\nHost: a\r\n\r\n").receives(204);
    client.sends("GET /304 HTTP/1.1\r\nHost: a\r\n\r\n").receives(304);
    Response empty = client.sends("GET /500 HTTP/1.1\r\nHost: a\r\n\r\n").receives(500);
    assertThat(empty.headers().all("content-length")).containsExactly("0");
    assertThat(backend.connections()).isEqualTo(1);
  }

  @Test
  void anOldClientIsServed() {
    Http2Backend backend = http2(saysHello());
    Response response = client(starts(to(backend))).sends("GET / HTTP/1.0\r\n\r\n").receives(200);
    assertThat(response.bodyText()).isEqualTo("hello");
    assertThat(backend.requests().getFirst().all(":authority"))
        .containsExactly("127.0.0.1:" + backend.address().getPort());
  }

  @Test
  void interimResponsesComeInOrder() {
    Http2Backend backend =
        http2(on -> {
          on.begins();
          Http2Request request = on.receivesHead();
          on.head(request.stream(), false, ":status", "103", "link", "</x>");
          on.head(request.stream(), false, ":status", "100");
          on.receives(Http2Talk.DATA);
          on.answers(request.stream(), 200, "done");
          on.waitsForEnd();
        });
    ByteClient client =
        client(starts(to(backend)))
            .sends(
                "POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\n"
                    + "Content-Length: 2\r\n\r\n");
    assertThat(client.receivesHead().status()).isEqualTo(103);
    assertThat(client.receivesHead().status()).isEqualTo(100);
    assertThat(client.sends("hi").receives(200).bodyText()).isEqualTo("done");
  }

  @Test
  void curlSpeaksHttp2OnBothSides() {
    Http2Backend backend = http2(saysHello());
    WeirUnderTest weir = starts(to(backend).listensH2c(ProxySetup.WEB));
    Curl.Result result =
        Curl.run("-v", "--http2-prior-knowledge", "http:/" + weir.address(ProxySetup.WEB) + "/");
    assertThat(result.stderr()).contains("< HTTP/2 200");
    assertThat(result.body()).isEqualTo("hello");
    assertThat(backend.requests().getFirst().all("via")).containsExactly("2.0 weir");
  }

  // Many requests.

  @Test
  void aHundredRequestsShareOneConnection() throws Exception {
    List<Integer> open = new ArrayList<>();
    Http2Backend backend =
        http2(on -> {
          on.begins();
          while (open.size() < 100) {
            open.add(on.receivesRequest().stream()); // all are there before the first is answered
          }
          for (int stream : open.reversed()) {
            on.answers(stream, 200, "hello");
          }
          on.waitsForEnd();
        });
    WeirUnderTest weir = starts(to(backend));
    everyClient(100, i -> client(weir).sends(GET).receives(200));
    assertThat(backend.connections()).isEqualTo(1);
    assertThat(weir.figure("weir_pool_connections_opened_total", ProxySetup.APP)).isEqualTo(1);
    weir.eventually("weir_pool_connections", 1, ProxySetup.APP, "idle");
    assertThat(weir.figure("weir_pool_connections", ProxySetup.APP, "active")).isZero();
  }

  @Test
  void thePeersLimitOfStreamsIsKept() throws Exception {
    AtomicInteger most = new AtomicInteger();
    List<Http2Backend.Held> all = new CopyOnWriteArrayList<>();
    Http2Backend backend =
        http2(on -> {
          on.begins(Http2Talk.MAX_CONCURRENT_STREAMS, 3);
          int here = 0;
          for (var next = on.nextRequest(); next.isPresent(); next = on.nextRequest()) {
            most.accumulateAndGet(++here, Math::max);
            all.add(new Http2Backend.Held(on, next.get()));
            if (all.size() == 12) {
              for (Http2Backend.Held one : all) {
                one.on().answers(one.request().stream(), 200, "hello");
              }
            }
          }
        });
    WeirUnderTest weir = starts(to(backend));
    everyClient(12, i -> client(weir).sends(GET).receives(200));
    assertThat(most).hasValue(3);
    assertThat(backend.connections()).isEqualTo(4);
  }

  private interface Story {
    void of(int client) throws Exception;
  }

  private static void everyClient(int count, Story story) throws Exception {
    try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> all = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        int client = i;
        all.add(
            clients.submit(() -> {
              story.of(client);
              return null;
            }));
      }
      for (Future<?> one : all) {
        one.get(20, TimeUnit.SECONDS);
      }
    }
  }

  @Test
  void aSlowClientDoesNotHoldUpTheOthers() throws Exception {
    byte[] much = new byte[240 * 1024];
    Http2Backend backend =
        http2(
            answers((on, request) -> {
              if (request.path().equals("/much")) {
                on.head(request.stream(), false, ":status", "200");
                on.data(request.stream(), much, true);
              } else {
                on.answers(request.stream(), 200, "hello");
              }
            }));
    WeirUnderTest weir = starts(to(backend));
    List<ByteClient> slow = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      ByteClient client = keeps(ByteClient.connectWithSmallWindow(weir.address(ProxySetup.WEB)));
      slow.add(client.sends("GET /much HTTP/1.1\r\nHost: a\r\n\r\n"));
    }
    for (int i = 0; i < 20; i++) {
      assertThat(client(weir).sends(GET).receives(200).bodyText()).isEqualTo("hello");
    }
    assertThat(backend.connections()).isEqualTo(1);
    for (ByteClient client : slow) {
      assertThat(client.receives(200).body()).hasSize(much.length);
    }
  }

  @Test
  void anUploadWaitsForTheBackendsWindow() throws Exception {
    CountDownLatch mayGoOn = new CountDownLatch(1);
    AtomicInteger got = new AtomicInteger();
    Http2Backend backend =
        http2(on -> {
          on.begins();
          Http2Request request = on.receivesHead();
          while (got.get() < 65_535) {
            got.addAndGet(on.receives(Http2Talk.DATA).payload().length);
          }
          mayGoOn.await();
          on.windowUpdate(0, 10_000_000).windowUpdate(request.stream(), 10_000_000);
          while (got.get() < 4_000_000) {
            got.addAndGet(on.receives(Http2Talk.DATA).payload().length);
          }
          on.answers(request.stream(), 200, "done");
          on.waitsForEnd();
        });
    WeirUnderTest weir = starts(to(backend));
    ByteClient client = client(weir);
    client.sends("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4000000\r\n\r\n");
    Thread upload = Thread.ofVirtual().start(() -> client.sendsZeros(4_000_000));
    ByteBackend.waitsUntil("the window to be full", () -> got.get() == 65_535);
    mayGoOn.countDown();
    upload.join();
    assertThat(client.receives(200).bodyText()).isEqualTo("done");
  }

  // How connections end.

  @Test
  void goAwayUnderLoadLosesNothing() throws Exception {
    Http2Backend.Script tenEach =
        on -> {
          on.begins();
          int answered = 0;
          for (var next = on.nextRequest(); next.isPresent(); next = on.nextRequest()) {
            if (++answered < 10) {
              on.answers(next.get().stream(), 200, next.get().text());
            } else if (answered == 10) {
              on.goAway(next.get().stream(), NO_ERROR); // what comes behind it is not looked at
              on.answers(next.get().stream(), 200, next.get().text());
            }
          }
        };
    Http2Backend backend = http2(tenEach);
    WeirUnderTest weir = starts(to(backend));
    everyClient(
        20,
        i -> {
          ByteClient client = client(weir);
          for (int n = 0; n < 20; n++) {
            String body = "client " + i + " request " + n;
            client.sends(
                "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\n\r\n%s"
                    .formatted(body.length(), body));
            assertThat(client.receives(200).bodyText()).isEqualTo(body);
          }
        });
    assertThat(backend.connections()).isGreaterThanOrEqualTo(40);
    assertThat(weir.figure("weir_pool_failures_total", ProxySetup.APP)).isZero();
  }

  @Test
  void aRefusedStreamIsSentOnceMore() {
    Http2Backend backend =
        http2(
            on -> {
              on.begins();
              Http2Request request = on.receivesRequest();
              on.resetStream(request.stream(), REFUSED_STREAM);
              on.waitsForEnd();
            },
            answers((on, request) -> on.answers(request.stream(), 200, request.text())));
    WeirUnderTest weir = starts(to(backend));
    Response response =
        client(weir)
            .sends("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nbody")
            .receives(200);
    assertThat(response.bodyText()).isEqualTo("body");
    weir.eventually("weir_pool_retries_total", 1, ProxySetup.APP, "ok");
  }

  @Test
  void aBackendThatRefusesAllIsNotAskedForEver() {
    Http2Backend backend =
        http2(answers((on, request) -> on.resetStream(request.stream(), REFUSED_STREAM)));
    client(starts(to(backend))).sends(GET).receives(502);
    assertThat(backend.requests()).hasSize(4);
  }

  @Test
  void aDeadConnectionFailsEachOfItsRequestsOnce() throws Exception {
    Http2Backend backend =
        http2(on -> {
          on.begins();
          for (int i = 0; i < 5; i++) {
            int stream = on.receivesRequest().stream();
            on.head(stream, false, ":status", "200");
          }
          on.data(1, "x".getBytes(), false);
        });
    WeirUnderTest weir = starts(to(backend));
    everyClient(
        5,
        i -> {
          ByteClient client = client(weir).sends(GET);
          assertThat(client.bodyBreaksOff(client.receivesHead())).isTrue();
        });
    weir.eventually("weir_pool_failures_total", 5, ProxySetup.APP, "reset");
    weir.eventually("weir_pool_connections", 0, ProxySetup.APP);
  }

  @Test
  void aClientThatLeavesCancelsItsStreamAlone() {
    CountDownLatch cancelled = new CountDownLatch(1);
    Http2Backend backend =
        http2(on -> {
          on.begins();
          int left = on.receivesRequest().stream();
          Http2Talk.Frame reset = on.receives(Http2Talk.RST_STREAM);
          assertThat(reset.stream()).isEqualTo(left);
          assertThat(reset.number()).isEqualTo(CANCEL);
          cancelled.countDown();
          answersOn(on, (talk, request) -> talk.answers(request.stream(), 200, "hello"));
        });
    WeirUnderTest weir = starts(to(backend));
    ByteClient leaves = client(weir).sends(GET);
    ByteBackend.waitsUntil("a request", () -> backend.requests().size() == 1);
    leaves.close();
    ByteBackend.waitsUntil("a cancel", () -> cancelled.getCount() == 0);
    client(weir).sends(GET).receives(200);
    assertThat(backend.connections()).isEqualTo(1);
  }

  @Test
  void aLateAnswerEndsItsStreamAndNotTheConnection() {
    Http2Backend backend =
        http2(
            answers((on, request) -> {
              if (!request.path().equals("/never")) {
                on.answers(request.stream(), 200, "hello");
              }
            }));
    WeirUnderTest weir =
        starts(to(backend).backendTimeouts(Duration.ofSeconds(3), Duration.ofMillis(300)));
    client(weir).sends("GET /never HTTP/1.1\r\nHost: a\r\n\r\n").receives(504);
    weir.eventually("weir_pool_connections", 1, ProxySetup.APP, "idle"); // the PING came back
    client(weir).sends(GET).receives(200);
    assertThat(backend.connections()).isEqualTo(1);
    assertThat(weir.figure("weir_pool_failures_total", ProxySetup.APP, "timeout")).isEqualTo(1);
  }

  @Test
  void aConnectionThatIsSilentIsGivenUp() {
    Http2Backend backend =
        http2(
            on -> {
              on.begins();
              on.receivesRequest();
              new CountDownLatch(1).await(); // reads nothing any more
            },
            saysHello());
    WeirUnderTest weir =
        starts(to(backend).backendTimeouts(Duration.ofMillis(300), Duration.ofMillis(300)));
    client(weir).sends(GET).receives(504);
    client(weir).sends(GET).receives(200);
    weir.eventually("weir_pool_connections", 1, ProxySetup.APP);
    assertThat(backend.connections()).isEqualTo(2);
  }

  @Test
  void anAnswerBeforeTheEndOfTheUploadStopsTheUpload() {
    Http2Backend backend =
        http2(on -> {
          on.begins();
          Http2Request request = on.receivesHead();
          on.answers(request.stream(), 413, "too much");
          assertThat(on.receives(Http2Talk.RST_STREAM).stream()).isEqualTo(request.stream());
          answersOn(on, (talk, next) -> talk.answers(next.stream(), 200, "hello"));
        });
    WeirUnderTest weir = starts(to(backend));
    ByteClient client = client(weir);
    client.sends("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n\r\nx").receives(413);
    client(weir).sends(GET).receives(200);
    assertThat(backend.connections()).isEqualTo(1);
  }

  @Test
  void anIdleConnectionIsClosedWithAWord() {
    CountDownLatch left = new CountDownLatch(1);
    Http2Backend backend =
        http2(on -> {
          on.begins();
          on.answers(on.receivesRequest().stream(), 200, "hello");
          assertThat(on.receives(Http2Talk.GOAWAY).number()).isZero();
          left.countDown();
        });
    PoolConfig shortly =
        new PoolConfig(
            BalanceConfig.ROUND_ROBIN,
            Http2Pools.backends(backend.address()),
            null,
            new KeepAliveConfig(Duration.ofMillis(200), 32),
            HttpProtocol.H2C,
            null,
            null);
    WeirUnderTest weir =
        starts(proxy().pool(ProxySetup.APP, shortly).route("", "", ProxySetup.APP));
    client(weir).sends(GET).receives(200);
    ByteBackend.waitsUntil("a GOAWAY", () -> left.getCount() == 0);
    weir.eventually("weir_pool_connections", 0, ProxySetup.APP);
  }

  // Configurations.

  @Test
  void aReloadKeepsTheConnectionAndAnotherProtocolTakesAnother() {
    Http2Backend backend = http2(saysHello());
    ByteBackend old = backend(Script.answers("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nold"));
    WeirUnderTest weir = starts(to(backend));
    ByteClient client = client(weir);
    client.sends(GET).receives(200);
    assertThat(weir.apply(to(backend).config())).isEmpty();
    client(weir).sends(GET).receives(200);
    assertThat(backend.connections()).isEqualTo(1);
    assertThat(weir.apply(proxy().app(old).config())).isEmpty();
    assertThat(client(weir).sends(GET).receives(200).bodyText()).isEqualTo("old");
    weir.eventually("weir_pool_connections", 1, ProxySetup.APP);
  }

  @Test
  void nginxOverTls(@TempDir Path folder) throws Exception {
    Openssl.CertificateFiles authority = Openssl.authority(folder, "Test CA");
    Openssl.CertificateFiles identity = Openssl.signed(folder, authority, "inside.test");
    UpstreamTlsConfig tls =
        new UpstreamTlsConfig(
            "inside.test",
            authority.certificatePem(),
            null,
            true,
            UpstreamTlsConfig.DEFAULT.alpn());
    byte[] file = new byte[3_000_000];
    new SplittableRandom(7).nextBytes(file);
    NginxBackend nginx = keeps(NginxBackend.http2OverTls(identity, "").serves("file", file));
    WeirUnderTest weir =
        starts(
            proxy()
                .pool(ProxySetup.APP, Http2Pools.h2(null, tls, nginx.address()))
                .route("", "", ProxySetup.APP));
    everyClient(
        20,
        i -> {
          ByteClient client = client(weir);
          client.sends("GET /file HTTP/1.1\r\nHost: a\r\n\r\n");
          assertThat(client.receives(200).body()).isEqualTo(file);
          client.sends("GET /none HTTP/1.1\r\nHost: a\r\n\r\n").receives(404);
        });
    assertThat(nginx.accessLog()).allMatch(line -> line.contains("HTTP/2.0"));
    assertThat(weir.figure("weir_pool_connections_opened_total", ProxySetup.APP)).isEqualTo(1);
  }

  @Test
  void aBackendThatDoesNotAgreeOnHttp2GetsNoRequest(@TempDir Path folder) {
    Openssl.CertificateFiles authority = Openssl.authority(folder, "Test CA");
    Openssl.CertificateFiles identity = Openssl.signed(folder, authority, "inside.test");
    UpstreamTlsConfig tls =
        new UpstreamTlsConfig(
            "inside.test",
            authority.certificatePem(),
            null,
            true,
            UpstreamTlsConfig.DEFAULT.alpn());
    ByteBackend knowsNoAlpn = keeps(ByteBackend.playing(on -> on.receivesWithinTls(identity)));
    NginxBackend refuses = keeps(NginxBackend.tls(identity, ""));
    WeirUnderTest weir =
        starts(
            proxy()
                .pool("one", Http2Pools.h2(null, tls, knowsNoAlpn.address()))
                .pool("two", Http2Pools.h2(null, tls, refuses.address()))
                .route("", "/one", "one")
                .route("", "/two", "two"));
    client(weir).sends("GET /one HTTP/1.1\r\nHost: a\r\n\r\n").receives(502);
    weir.eventually("weir_http_errors_total", 1, "not_http2");
    client(weir).sends("GET /two HTTP/1.1\r\nHost: a\r\n\r\n").receives(502);
    weir.eventually("weir_http_errors_total", 1, "upstream_tls"); // refused while shaking hands
    assertThat(refuses.accessLog()).isEmpty();
  }

  @Test
  void aBackendThatSpeaksHttp1IsRefusedBeforeItGetsARequest() {
    ByteBackend old = backend(on -> on.sends("HTTP/1.1 400 Bad Request\r\n\r\n"));
    WeirUnderTest weir =
        starts(proxy().pool(ProxySetup.APP, pool(old.address())).route("", "", ProxySetup.APP));
    client(weir).sends(GET).receives(502);
    assertThat(weir.figure("weir_pool_failures_total", ProxySetup.APP, "protocol")).isEqualTo(1);
    weir.eventually("weir_http_errors_total", 1, "not_http2");
  }

  @Test
  void aBackendThatSaysNothingIsPassedOverForTheNext() {
    Http2Backend silent = http2(Http2Talk::waitsForEnd);
    Http2Backend good = http2(saysHello());
    WeirUnderTest weir =
        starts(to(silent, good).backendTimeouts(Duration.ofMillis(300), Duration.ofSeconds(5)));
    for (int i = 0; i < 4; i++) {
      client(weir)
          .sends("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nbody")
          .receives(200);
    }
  }

  @Test
  void checksSpeakHttp2Too() {
    AtomicInteger status = new AtomicInteger(503);
    Http2Backend backend =
        http2(
            answers((on, request) ->
                on.answers(
                    request.stream(),
                    request.path().equals("/healthz") ? status.get() : 200,
                    "x")));
    HealthConfig health =
        new HealthConfig(
            new HealthConfig.Http("/healthz", "check.me", List.of(new StatusRange(200, 299))),
            Duration.ofMillis(500),
            Duration.ofMillis(500),
            1,
            1);
    WeirUnderTest weir =
        starts(
            proxy()
                .pool(ProxySetup.APP, Http2Pools.h2c(health, backend.address()))
                .route("", "", ProxySetup.APP));
    ByteBackend.waitsUntil("a check", () -> !backend.requests().isEmpty());
    weir.eventually("weir_backend_up", 0, ProxySetup.APP);
    assertThat(backend.requests().getFirst().all(":authority")).containsExactly("check.me");
    status.set(200);
    weir.eventually("weir_backend_up", 1, ProxySetup.APP);
  }
}
