package io.weir.daemon.fetch;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.daemon.config.FetchedList;
import io.weir.daemon.config.FetchedList.Checksum;
import io.weir.daemon.state.ListCopy;
import io.weir.firewall.list.ListType;
import io.weir.tls.CertificatePem;
import io.weir.tls.SelfSigned;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One look at a list, from a real server. */
class ListRequestTest {
  private static final String LIST = "192.0.2.0/24\n2001:db8::/32\n";
  private static final Checksum NONE = new Checksum.None();

  private ListServer server;

  @BeforeEach
  void start() throws IOException {
    server = ListServer.http().has("/blocked.txt", LIST);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private static FetchedList list(URI url, Checksum checksum, String authorities) {
    return new FetchedList(
        "blocked", ListType.ADDRESSES, url, checksum, Duration.ofHours(1), authorities, null);
  }

  private FetchedList list(Checksum checksum) {
    return list(server.url("/blocked.txt"), checksum, null);
  }

  private static ListCopy newer(FetchedList list, ListCopy here) throws Exception {
    try (ListRequest request = new ListRequest(list)) {
      return request.newer(here);
    }
  }

  private static void refuses(FetchedList list, String why) {
    assertThatThrownBy(() -> newer(list, null))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(why);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://127.0.0.1:1/",
        "http://127.255.0.9/",
        "http://[::1]/",
        "http://[::ffff:127.0.0.1]/",
        "http://LocalHost/",
        "https://127.0.0.1.lists.example/"
      })
  void theLoopbackIsBelievedWithoutAChecksum(String url) {
    assertThat(FetchedList.isTrusted(URI.create(url))).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://127.0.0.1.lists.example/",
        "http://127.example/",
        "http://localhost.example/",
        "http://128.0.0.1/",
        "http://[2001:db8::1]/"
      })
  void aNameThatOnlyBeginsLikeTheLoopbackIsNot(String url) {
    assertThat(FetchedList.isTrusted(URI.create(url))).isFalse();
  }

  @Test
  void aVersionIsFetchedOnceAndThenAskedAboutByItsName() throws Exception {
    ListCopy first = newer(list(NONE), null);
    assertThat(new String(first.content(), UTF_8)).isEqualTo(LIST);
    assertThat(first.modified()).isEqualTo("Sun, 22 Nov 2026 12:00:00 GMT");
    assertThat(newer(list(NONE), first)).isNull();
    server.has("/blocked.txt", "192.0.2.1\n");
    assertThat(new String(newer(list(NONE), first).content(), UTF_8)).isEqualTo("192.0.2.1\n");
    assertThat(server.log())
        .containsExactly("/blocked.txt 200", "/blocked.txt 304", "/blocked.txt 200");
  }

  @Test
  void theSameContentByAnotherNameIsNoNewVersion() throws Exception {
    ListCopy other = new ListCopy("\"other\"", "", LIST.getBytes(UTF_8));
    assertThat(newer(list(NONE), other)).isNull();
    assertThat(server.log()).containsExactly("/blocked.txt 200");
  }

  @Test
  void aChecksumThatIsKnownBeforehandMustHold() throws Exception {
    Checksum right = new Checksum.Fixed(ListServer.sha256(LIST).toUpperCase());
    ListCopy copy = newer(list(right), null);
    assertThat(copy).isNotNull();
    assertThat(newer(list(right), copy)).as("it cannot change, so nobody is asked").isNull();
    assertThat(server.log()).hasSize(1);
    refuses(list(new Checksum.Fixed(ListServer.sha256("x"))), "its SHA-256 is");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "%s\n",
        "%s  blocked.txt\n",
        "%s *./lists/blocked.txt\r\n",
        "%s  blocked.txt  \n0000000000000000000000000000000000000000000000000000000000000000 a\n"
      })
  void aChecksumThatIsPublishedMustHold(String form) throws Exception {
    server.has("/sums", form.formatted(ListServer.sha256(LIST)));
    Checksum published = new Checksum.At(server.url("/sums"));
    assertThat(newer(list(published), null)).isNotNull();
    server.has("/sums", form.formatted(ListServer.sha256("another list")));
    refuses(list(published), "(expected: " + ListServer.sha256("another list"));
  }

  @Test
  void withoutItsChecksumAListIsNotBelieved() {
    Checksum published = new Checksum.At(server.url("/sums"));
    refuses(list(published), "its checksum was answered 404");
    server.has("/sums", "no sums here");
    refuses(list(published), "there is no checksum of blocked.txt");
    server.has("/sums", (ListServer.sha256("a") + "  a\n") + (ListServer.sha256("b") + "  b\n"));
    refuses(list(published), "there is no checksum of blocked.txt");
  }

  @Test
  void whatIsNoListIsRefused() {
    server.has("/blocked.txt", "192.0.2.1\n<html>Not found, but 200</html>\n");
    refuses(list(NONE), "/blocked.txt:2: ");
    for (String nothing : List.of("", "\n", " \r\n\t\n", "# maintenance", "\ufeff# back soon\n")) {
      server.has("/blocked.txt", nothing);
      refuses(list(NONE), "there are no entries in it");
    }
    server.answers("/blocked.txt", 503);
    refuses(list(NONE), "it was answered 503");
    server.answers("/blocked.txt", 304);
    refuses(list(NONE), "it was answered 304"); // of nothing
  }

  private FetchedList words() {
    return new FetchedList(
        "words", ListType.TEXT, server.url("/words.txt"), NONE, Duration.ofHours(1), null, null);
  }

  @Test
  void aListThatNothingCouldCompileIsRefusedBeforeItIsKept() {
    FetchedList texts = words();
    server.has("/words.txt", "word\n".repeat(500_001));
    refuses(texts, "/words.txt:500001: more than 500,000 entries");
    server.has("/words.txt", ("x".repeat(1 << 20) + "\n").repeat(9));
    refuses(texts, "/words.txt:9: more than 8,388,608 characters of text");
  }

  @Test
  void aPageIsNoListOfTexts() throws Exception {
    FetchedList texts = words();
    server.has("/words.txt", " \r\n<!doctype html>\nbe right back\n");
    refuses(texts, "it is a page of HTML");
    server.has("/words.txt", "be right back\n").type("Text/HTML; charset=utf-8");
    refuses(texts, "it is a page of HTML");
    server.type("text/plain");
    assertThat(newer(texts, null)).isNotNull();
  }

  @Test
  void aListThatIsTooLongIsNotReadToItsEnd() {
    server.has("/sums", "x".repeat(65 << 10));
    refuses(list(new Checksum.At(server.url("/sums"))), "exceeds");
  }

  @Test
  void aServerThatIsGoneIsAReason() {
    FetchedList list = list(NONE);
    server.close();
    refuses(list, "connection refused");
  }

  @Test
  void onlyTheAuthoritiesThatAreNamedAreBelieved() throws Exception {
    try (ListServer secure = ListServer.https(localhost()).has("/blocked.txt", LIST)) {
      refuses(list(secure.url("/blocked.txt"), NONE, localhost().certificate()), "");
      assertThat(secure.log()).isEmpty();
    }
    CertificatePem pem = localhost();
    try (ListServer secure = ListServer.https(pem).has("/blocked.txt", LIST)) {
      assertThat(newer(list(secure.url("/blocked.txt"), NONE, pem.certificate()), null).content())
          .isEqualTo(LIST.getBytes(UTF_8));
      refuses(list(secure.url("/blocked.txt"), NONE, "nothing"), "ca_file");
    }
  }

  @Test
  void noRedirectLeadsOutOfTls() throws Exception {
    CertificatePem pem = localhost();
    try (ListServer secure = ListServer.https(pem)) {
      secure.redirects("/here", server.url("/blocked.txt").toString());
      refuses(list(secure.url("/here"), NONE, pem.certificate()), "it was answered 302");
      secure.redirects("/there", secure.url("/blocked.txt").toString()).has("/blocked.txt", LIST);
      assertThat(newer(list(secure.url("/there"), NONE, pem.certificate()), null)).isNotNull();
    }
    assertThat(server.log()).isEmpty();
  }

  private static CertificatePem localhost() {
    return SelfSigned.create(
        List.of("localhost"), Duration.ofDays(1), Instant.now(), new SecureRandom());
  }

  /** Its head would be in time for every limit on heads. */
  @Test
  void aServerThatStallsInTheMiddleIsGivenUp() throws Exception {
    try (ServerSocket stalling = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      URI url = URI.create("http://127.0.0.1:" + stalling.getLocalPort() + "/blocked.txt");
      FutureTask<Integer> served = new FutureTask<>(() -> answersHalf(stalling));
      Thread.ofVirtual().start(served);
      try (ListRequest request = new ListRequest(list(url, NONE, null), Duration.ofSeconds(5))) {
        assertThatThrownBy(() -> request.newer(null))
            .isInstanceOf(IOException.class)
            .hasMessage("it took more than 5 s");
        assertThat(served.get(30, TimeUnit.SECONDS)).as("the connection's end").isEqualTo(-1);
      }
    }
  }

  private static int answersHalf(ServerSocket server) throws IOException {
    try (Socket client = server.accept()) {
      client.setSoTimeout(30_000);
      BufferedReader head =
          new BufferedReader(new InputStreamReader(client.getInputStream(), UTF_8));
      while (!head.readLine().isEmpty()) {
        continue;
      }
      String half = "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n192.0.2.0/24\n";
      client.getOutputStream().write(half.getBytes(UTF_8));
      return head.read();
    } catch (SocketException reset) {
      return -1;
    }
  }
}
