package io.weir.daemon.admin;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What can be asked of the firewall. */
class FirewallRequestsTest extends AdminEndpoint {
  @Test
  void theLatestRefusalsComeFirstAndAsManyAsAreWanted() throws IOException {
    String both = body(get("/api/v1/firewall/events"));
    assertThat(both)
        .isEqualTo(
            "{\"events\":[{\"ts\":\"2026-11-22T06:00:00Z\",\"client_ip\":\"10.0.0.1\","
                + "\"rule\":\"bad\",\"action\":\"deny\",\"status\":403,\"field\":\"path\","
                + "\"excerpt\":\"/x\",\"listener\":\"web\",\"method\":\"GET\",\"host\":\"a\","
                + "\"path\":\"/x\",\"route\":\"all\",\"generation\":1,\"request_id\":\"r1\"},"
                + "{\"ts\":\"2026-11-22T05:59:59Z\",\"client_ip\":\"10.0.0.2\","
                + "\"action\":\"ban\",\"status\":0,\"field\":\"ip\",\"excerpt\":\"10.0.0.2\","
                + "\"reason\":\"trap\",\"listener\":\"web\"}]}");
    assertThat(get("/api/v1/firewall/events?limit=1")).contains("r1").doesNotContain("trap");
    assertThat(get("/api/v1/firewall/events?request_id=r1")).contains("r1").doesNotContain("trap");
    assertThat(get("/api/v1/firewall/events?request_id=r2")).endsWith("{\"events\":[]}");
    for (String limit : List.of("0", "1001", "-1", "x", "")) {
      assertThat(get("/api/v1/firewall/events?limit=" + limit))
          .startsWith("HTTP/1.1 400 ")
          .contains("from 1 to 1000");
    }
  }

  @Test
  void rulesTellWhatTheyDidOrWouldHave() throws IOException {
    assertThat(body(get("/api/v1/firewall/rules")))
        .isEqualTo(
            "{\"rules\":[{\"rule\":\"bad\",\"action\":\"deny\",\"mode\":\"report\","
                + "\"hits\":0,\"would_have_hits\":5,\"last_hit\":\"2023-11-14T22:13:20Z\"}]}");
  }

  @Test
  void aQuestionThatMakesNoSenseIsToldSo() throws IOException {
    String path = "/api/v1/explain";
    assertThat(get(path)).startsWith("HTTP/1.1 405 ").contains("allow: POST");
    assertThat(post(path, "text/plain", "{}")).startsWith("HTTP/1.1 415 ");
    assertThat(post(path, "application/json", "{")).startsWith("HTTP/1.1 400 ");
    assertThat(post(path, "application/json", "{}")).startsWith("HTTP/1.1 400 ").contains("url: ");
    assertThat(post(path, "application/json", "{\"url\":\"http://a/b\",\"ip\":\"10.0.0.256\"}"))
        .startsWith("HTTP/1.1 400 ")
        .contains("10.0.0.256");
    assertThat(post(path, "application/json", "{\"url\":\"http://a/b\",\"ip\":\"10.0.0.1\"}"))
        .startsWith("HTTP/1.1 422 ")
        .contains("no way for /b");
    assertThat(post(path, "application/json", "{\"request_id\":\"r2\"}"))
        .startsWith("HTTP/1.1 404 ");
    assertThat(post(path, "application/json", "{\"request_id\":\"r1\"}"))
        .startsWith("HTTP/1.1 200 ")
        .contains("\"refused\":{", "too long to keep");
  }
}
