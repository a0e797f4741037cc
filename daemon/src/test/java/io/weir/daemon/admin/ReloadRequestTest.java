package io.weir.daemon.admin;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A reload that is asked for. */
class ReloadRequestTest extends AdminEndpoint {
  @Test
  void aReloadWaitsAndTellsTheGeneration() throws IOException {
    String answer = post("/api/v1/reload", "application/json; charset=utf-8", "{}");
    assertThat(answer).startsWith("HTTP/1.1 200 ");
    assertThat(JSON.std.mapFrom(body(answer)))
        .containsEntry("result", "ok")
        .containsEntry("file", operations.process().configFile())
        .containsEntry("hash", operations.process().configHash())
        .containsEntry("generation", 2)
        .containsEntry("notes", List.of("admin changed"));
  }

  @Test
  void aReloadThatFailsSaysWhy() throws IOException {
    operations.next = new ReloadResult.Invalid(2, "weir.yaml:1:2: what\n");
    String invalid = post("/api/v1/reload", "application/json", "");
    assertThat(invalid).startsWith("HTTP/1.1 422 ").contains("application/problem+json");
    assertThat(JSON.std.mapFrom(body(invalid)))
        .containsEntry("result", "invalid")
        .containsEntry("errors", 2)
        .containsEntry("report", "weir.yaml:1:2: what\n");
    operations.next = new ReloadResult.Failed("port taken");
    assertThat(post("/api/v1/reload", "application/json", ""))
        .startsWith("HTTP/1.1 409 ")
        .contains("port taken", "\"result\":\"failed\"");
  }

  @Test
  void onlyAJsonPostReloads() throws IOException {
    assertThat(get("/api/v1/reload")).startsWith("HTTP/1.1 405 ").contains("allow: POST");
    assertThat(post("/api/v1/reload", "application/x-www-form-urlencoded", "a=b"))
        .startsWith("HTTP/1.1 415 ");
    assertThat(post("/api/v1/reload", "text/plain;application/json", "{}"))
        .startsWith("HTTP/1.1 415 ");
    assertThat(operations.reloads).isZero();
  }

  @Test
  void aBodyThatIsTooLargeIsToldSoLikeOtherErrors() throws IOException {
    String json = "application/json";
    for (String answer :
        List.of(
            post("/api/v1/reload", json + "\r\nContent-Length: 70000", ""),
            post(
                "/api/v1/reload",
                json + "\r\nContent-Length: 70000\r\nExpect: 100-continue",
                ""))) {
      assertThat(answer)
          .startsWith("HTTP/1.1 413 ")
          .contains("content-type: application/problem+json\r\n");
      assertThat(JSON.std.mapFrom(body(answer)))
          .containsEntry("status", 413)
          .containsEntry("detail", "a body of more than 64 KiB");
    }
    assertThat(operations.reloads).isZero();
  }
}
