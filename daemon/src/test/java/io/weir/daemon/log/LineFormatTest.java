package io.weir.daemon.log;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.jr.ob.JSON;
import io.weir.core.log.AccessRecord;
import java.io.IOException;
import java.time.ZoneId;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class LineFormatTest {
  private final LineFormat combined = new CombinedFormat(ZoneId.of("America/New_York"));
  private final LineFormat json = new JsonFormat();

  private static String line(LineFormat format, AccessRecord record) {
    LineBuffer line = new LineBuffer();
    format.write(record, line);
    return line.toString();
  }

  @Test
  void combinedIsExactlyApaches() {
    assertThat(line(combined, FixedRecord.ordinary()))
        .isEqualTo(
            "192.0.2.7 - - [21/Nov/2026:21:15:36 -0500] \"GET /shop/cart?item=7&size=m HTTP/1.1\""
                + " 200 1234 \"https://shop.example/\" \"curl/7.88.1\"");
  }

  @Test
  void combinedHasADashForWhatIsNotThere() {
    assertThat(line(combined, FixedRecord.ordinary().unanswered()))
        .isEqualTo(
            "2001:db8::1 - - [21/Nov/2026:21:15:36 -0500]"
                + " \"GET /shop/cart?item=7&size=m HTTP/1.1\" - - \"-\" \"-\"");
  }

  @Test
  void jsonHasTheDocumentedKeysInTheirOrder() {
    assertThat(line(json, FixedRecord.ordinary()))
        .isEqualTo(
            "{\"ts\":\"2026-11-22T02:15:36.000042Z\",\"client_ip\":\"192.0.2.7\","
                + "\"peer_ip\":\"10.0.0.1\",\"method\":\"GET\",\"host\":\"shop.example\","
                + "\"path\":\"/shop/cart\",\"query\":\"item=7&size=m\",\"protocol\":\"HTTP/1.1\","
                + "\"status\":200,\"bytes_in\":17,\"bytes_out\":1234,\"duration_ms\":12.345,"
                + "\"upstream_duration_ms\":11.000,\"connect_ms\":0.005,"
                + "\"tls_version\":\"TLSv1.3\",\"sni\":\"shop.example\","
                + "\"ja4\":\"t13d1516h2_8daaf6152771_e5627efa2ab1\",\"listener\":\"secure\","
                + "\"route\":\"shop\",\"pool\":\"web\",\"backend\":\"10.0.1.11:8080\","
                + "\"attempts\":1,\"user_agent\":\"curl/7.88.1\","
                + "\"referer\":\"https://shop.example/\",\"request_id\":\"01HF3J9T\","
                + "\"trace_id\":\"4bf92f3577b34da6a3ce929d0e0e4736\",\"outcome\":\"ok\"}");
  }

  @Test
  void jsonLeavesOutWhatIsNotKnown() {
    assertThat(line(json, FixedRecord.ordinary().unanswered()))
        .doesNotContain(
            "pool", "backend\":", "tls_version", "ja4", "user_agent", "trace_id", "connect_ms")
        .endsWith("\"outcome\":\"denied\",\"rule\":\"bad-agents\"}");
  }

  /** A request line that could not be read: of another version, or too long. */
  @Test
  void whatWasNotReadOfARequestIsNotThereEither() {
    FixedRecord unread = FixedRecord.ordinary().unread();
    assertThat(line(json, unread))
        .doesNotContain("\"method\"", "\"host\"", "\"path\"", "\"query\"")
        .contains("\"peer_ip\":\"10.0.0.1\",\"protocol\":");
    assertThat(line(combined, unread)).contains("-0500] \"-\" 200");
  }

  @Test
  void relayedConnectionsAreLinesOfJsonOnly() {
    LineBuffer line = new LineBuffer();
    json.write(FixedConnection.ordinary(), line);
    assertThat(line)
        .hasToString(
            "{\"ts\":\"2026-11-22T02:15:36.000042Z\",\"client_ip\":\"192.0.2.7\","
                + "\"peer_ip\":\"10.0.0.1\",\"protocol\":\"TCP\",\"bytes_in\":17,"
                + "\"bytes_out\":1234,\"duration_ms\":12.345,\"connect_ms\":0.005,"
                + "\"sni\":\"db.example\",\"ja4\":\"t13d1516h2_8daaf6152771_e5627efa2ab1\","
                + "\"listener\":\"database\",\"pool\":\"mariadb\","
                + "\"backend\":\"10.0.1.11:3306\",\"attempts\":2,\"outcome\":\"ok\"}");
    line.clear();
    json.write(FixedConnection.sentAway(), line);
    assertThat(line)
        .hasToString(
            "{\"ts\":\"2026-11-22T02:15:36.000042Z\",\"client_ip\":\"192.0.2.7\","
                + "\"peer_ip\":\"192.0.2.7\",\"protocol\":\"TCP\",\"bytes_in\":0,"
                + "\"bytes_out\":0,\"duration_ms\":1.000,\"listener\":\"database\","
                + "\"pool\":\"mariadb\",\"attempts\":0,\"outcome\":\"no_backend\"}");
    line.clear();
    combined.write(FixedConnection.ordinary(), line);
    assertThat(line.length()).isZero();
  }

  @Test
  void noFormatShowsCredentials() {
    for (LineFormat format : new LineFormat[] {combined, json}) {
      assertThat(line(format, FixedRecord.ordinary())).doesNotContainIgnoringCase("secret", "c2Vj");
    }
  }

  @Test
  void apacheEscapesAreApaches() {
    AccessRecord record =
        FixedRecord.ordinary()
            .withHeaders(Map.of("user-agent", "a\"b\\c\r\n\t\u000b\u0001\u007f\u00e9"));
    assertThat(line(combined, record)).endsWith("\"a\\\"b\\\\c\\r\\n\\t\\v\\x01\\x7f\\xe9\"");
  }

  @Test
  void nothingThatAStrangerSendsBreaksALine() throws IOException {
    long seed = Long.getLong("seed", new SplittableRandom().nextLong());
    SplittableRandom random = new SplittableRandom(seed);
    for (int i = 0; i < 2000; i++) {
      String text = anything(random);
      AccessRecord record =
          FixedRecord.ordinary().withTarget("/" + text).withHeaders(Map.of("user-agent", text));
      assertThat(line(combined, record)).as("seed %d", seed).matches("[ -~]*");
      String object = line(json, record);
      assertThat(object).as("seed %d", seed).matches("[ -~]*");
      Map<String, Object> read = JSON.std.mapFrom(object);
      assertThat(read.get("user_agent")).as("seed %d", seed).isEqualTo(text);
      String query = read.containsKey("query") ? "?" + read.get("query") : "";
      assertThat(read.get("path") + query).as("seed %d", seed).isEqualTo("/" + text);
    }
  }

  @Test
  void aFieldWithoutEndIsCut() {
    String endless = "x".repeat(100_000);
    AccessRecord record =
        FixedRecord.ordinary().withTarget(endless).withHeaders(Map.of("user-agent", endless));
    assertThat(line(combined, record)).hasSizeLessThan(3 * LineBuffer.MAX_FIELD).contains("xxx...");
    assertThat(line(json, record)).hasSizeLessThan(3 * LineBuffer.MAX_FIELD).contains("xxx...\"");
  }

  /** Bytes as they come from the wire, with what matters to the formats more often. */
  private static String anything(SplittableRandom random) {
    String special = "\"\\\r\n\0\u001b ?&\u007f\u0080\u00ff";
    return random
        .ints(random.nextInt(40), 0, 256)
        .map(c -> random.nextInt(3) == 0 ? special.charAt(random.nextInt(special.length())) : c)
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }
}
