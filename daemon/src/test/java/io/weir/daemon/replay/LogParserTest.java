package io.weir.daemon.replay;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LogParserTest {
  private static final String COMBINED =
      "192.0.2.7 - bob [21/Nov/2026:21:15:36 -0500] \"GET /shop/cart?item=7&size=m HTTP/1.1\" 200"
          + " 1234 \"https://shop.example/\" \"curl/7.88.1\"";
  private static final String JSON =
      "{\"ts\":\"2026-11-22T02:15:36.000042Z\",\"client_ip\":\"2001:db8::1\","
          + "\"peer_ip\":\"10.0.0.1\",\"method\":\"GET\",\"host\":\"shop.example\","
          + "\"path\":\"/shop/cart\",\"query\":\"item=7\",\"protocol\":\"HTTP/2.0\","
          + "\"status\":403,\"bytes_in\":17,\"bytes_out\":1234,\"duration_ms\":12.345,"
          + "\"tls_version\":\"TLSv1.3\",\"sni\":\"shop.example\","
          + "\"ja4\":\"t13d1516h2_8daaf6152771_e5627efa2ab1\",\"listener\":\"secure\","
          + "\"route\":\"shop\",\"attempts\":0,\"user_agent\":\"a\\u0000\\\"b\","
          + "\"outcome\":\"denied\",\"rule\":\"bad-agents\"}";

  private static long micros(String time) {
    return Instant.parse(time).toEpochMilli() * 1000;
  }

  @Test
  void aCombinedLineIsRead() {
    LoggedRequest request = new CombinedParser().parse(COMBINED);
    assertThat(request.epochMicros()).isEqualTo(micros("2026-11-22T02:15:36Z"));
    assertThat(request.client()).hasToString("192.0.2.7");
    assertThat(request.method()).isEqualTo("GET");
    assertThat(request.target()).isEqualTo("/shop/cart?item=7&size=m");
    assertThat(request.protocol()).isEqualTo("http/1.1");
    assertThat(request.status()).isEqualTo(200);
    assertThat(request.referer()).isEqualTo("https://shop.example/");
    assertThat(request.userAgent()).isEqualTo("curl/7.88.1");
    assertThat(request.wasRefused()).isFalse();
    assertThat(request.fate()).isNull();
  }

  @Test
  void escapesDashesAndTheCommonFormatAreRead() {
    LoggedRequest odd =
        new CombinedParser()
            .parse(
                "2001:db8::1 - - [01/Jan/2024:00:00:00 +0000] \"GET /a\\\"b\\\\\\x00\\t HTTP/2.0\""
                    + " - - \"-\" \"x\\x1b[31m\"");
    assertThat(odd.target()).isEqualTo("/a\"b\\\u0000\t");
    assertThat(odd.protocol()).isEqualTo("h2");
    assertThat(odd.userAgent()).isEqualTo("x\u001b[31m");
    assertThat(odd.referer()).isNull();
    assertThat(odd.status()).isZero();
    assertThat(odd.wasRefused()).isTrue();
    LoggedRequest common =
        new CombinedParser()
            .parse("192.0.2.7 - - [29/Feb/2024:23:59:59 +0130] \"POST / HTTP/1.0\" 404 10");
    assertThat(common.epochMicros()).isEqualTo(micros("2024-02-29T22:29:59Z"));
    assertThat(common.userAgent()).isNull();
  }

  @Test
  void whatADropCutBesideItsRequestWasNotRefused() {
    String dropped = JSON.replace("\"denied\"", "\"dropped\"");
    assertThat(new JsonLogParser().parse(dropped).wasRefused()).isTrue();
    LoggedRequest beside =
        new JsonLogParser().parse(dropped.replace(",\"rule\":\"bad-agents\"", ""));
    assertThat(beside.wasRefused()).isFalse();
    assertThat(beside.refusedBy()).isNull();
  }

  @Test
  void aLineOfOursIsRead() {
    LoggedRequest request = new JsonLogParser().parse(JSON);
    assertThat(request.epochMicros()).isEqualTo(micros("2026-11-22T02:15:36Z") + 42);
    assertThat(request.durationMicros()).isEqualTo(12_345);
    assertThat(request.client()).hasToString("2001:db8::1");
    assertThat(request.host()).isEqualTo("shop.example");
    assertThat(request.target()).isEqualTo("/shop/cart?item=7");
    assertThat(request.protocol()).isEqualTo("h2");
    assertThat(request.tlsVersion()).isEqualTo("1.3");
    assertThat(request.serverName()).isEqualTo("shop.example");
    assertThat(request.ja4()).isEqualTo("t13d1516h2_8daaf6152771_e5627efa2ab1");
    assertThat(request.listener()).isEqualTo("secure");
    assertThat(request.route()).isEqualTo("shop");
    assertThat(request.userAgent()).isEqualTo("a\u0000\"b");
    assertThat(request.refusedBy()).isEqualTo("bad-agents");
    assertThat(request.isAnsweredByBackend()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{",
        "{}",
        "nonsense",
        "192.0.2.7",
        "host.example - - [21/Nov/2026:21:15:36 -0500] \"GET / HTTP/1.1\" 200 1 \"-\" \"-\"",
        "192.0.2.7 - - [21/Nov/2026:21:15:36 -0500] \"\\x16\\x03\" 400 1 \"-\" \"-\"",
        "192.0.2.7 - - [21/Nop/2026:21:15:36 -0500] \"GET / HTTP/1.1\" 200 1 \"-\" \"-\"",
        "192.0.2.7 - - [31/Feb/2026:21:15:36 -0500] \"GET / HTTP/1.1\" 200 1 \"-\" \"-\"",
        "192.0.2.7 - - [21/Nov/2026:21:15:36 -0500] \"GET / HTTP/1.1",
        "192.0.2.7 - - [21/Nov/2026",
        "{\"ts\":\"2026-11-22T02:15:36Z\",\"client_ip\":\"x\",\"method\":\"GET\",\"path\":\"/\"}",
        "{\"ts\":\"yesterday\",\"client_ip\":\"192.0.2.1\",\"method\":\"GET\",\"path\":\"/\"}"
      })
  void whatIsNoRequestIsToldApart(String line) {
    assertThat(LogParser.forLine(line).parse(line)).isNull();
  }

  @Test
  void damagedLinesAreReadOrNotAndNothingElse() {
    long seed = Long.getLong("seed", System.nanoTime());
    SplittableRandom random = new SplittableRandom(seed);
    for (int i = 0; i < 100_000; i++) {
      StringBuilder line = new StringBuilder(random.nextBoolean() ? COMBINED : JSON);
      for (int damage = random.nextInt(1, 4); damage > 0 && line.length() > 0; damage--) {
        int at = random.nextInt(line.length());
        switch (random.nextInt(3)) {
          case 0 -> line.deleteCharAt(at);
          case 1 -> line.setCharAt(at, (char) random.nextInt(256));
          default -> line.setLength(Math.max(at, 1));
        }
      }
      for (LogParser parser : new LogParser[] {new CombinedParser(), new JsonLogParser()}) {
        try {
          parser.parse(line.toString());
        } catch (RuntimeException e) {
          throw new AssertionError("seed " + seed + ": " + line, e);
        }
      }
    }
  }
}
