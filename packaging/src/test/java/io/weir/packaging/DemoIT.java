package io.weir.packaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DemoIT {
  @TempDir private Path folder;

  private Weir demo(String... more) {
    String[] free = {"demo", "--http", "0", "--https", "0", "--admin", "0"};
    return Weir.start(
        folder, Stream.concat(Stream.of(free), Stream.of(more)).toArray(String[]::new));
  }

  /** As somebody would paste it into a shell. */
  private static String paste(String line) throws IOException {
    Process shell = new ProcessBuilder("sh", "-c", line).start();
    return new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
  }

  @Test
  void itsFiveLinesWorkAsPrinted() throws IOException {
    try (Weir weir = demo()) {
      weir.says("Ctrl-C");
      List<String> lines =
          weir.stdout().lines().map(String::strip).filter(l -> l.startsWith("curl ")).toList();
      assertThat(lines).hasSize(5);
      assertThat(paste(lines.get(0)))
          .matches("backend (one|two|three) (answers GET /hello|is not well)\n");
      assertThat(paste(lines.get(1)))
          .matches("backend (one|two|three) (answers GET /hello|is not well)\n");
      assertThat(paste(lines.get(2))).startsWith("HTTP/1.1 403 ");
      assertThat(paste(lines.get(3))).contains("403");
      assertThat(paste(lines.get(4))).matches("((200|503) ){3}(429 ){3}");
      assertThat(Http.body(weir.admin() + "/metrics"))
          .contains("rule=\"per-client\"", "rule=\"no-curl\"");
    }
  }

  @Test
  void theFlakyBackendGoesAndComesBackByItsHealthChecks() throws IOException {
    try (Weir weir = demo()) {
      String status = weir.admin() + "/api/v1/status";
      await()
          .atMost(Duration.ofSeconds(60))
          .untilAsserted(() -> assertThat(Http.body(status)).contains("\"state\":\"down\""));
      await()
          .atMost(Duration.ofSeconds(60))
          .untilAsserted(() -> assertThat(Http.body(status)).doesNotContain("\"state\":\"down\""));
      assertThat(weir.stderr()).as("nothing else is wrong").doesNotContain(" error ");
    }
  }

  @Test
  void itEndsByItselfAndLeavesNothingBehind() throws IOException {
    Path temporary = Files.createDirectory(folder.resolve("tmp"));
    try (Weir weir =
        Weir.start(
            Weir.TREE.resolve("bin/weir"),
            folder,
            Map.of("JAVA_OPTS", "-Djava.io.tmpdir=" + temporary),
            "demo",
            "--http",
            "0",
            "--https",
            "0",
            "--admin",
            "0",
            "--seconds",
            "1")) {
      Weir.Ended ended = weir.ends();
      assertThat(ended.code()).isZero();
      assertThat(ended.stderr()).endsWith(" info  stopped\n").doesNotContain("WARNING", "error");
    }
    try (Stream<Path> left = Files.list(temporary)) {
      assertThat(left).isEmpty();
    }
  }

  @Test
  void ctrlCEndsIt() {
    try (Weir weir = demo()) {
      weir.says("Ctrl-C").signalled("INT");
      assertThat(weir.ends().code()).isZero();
    }
  }
}
