package io.weir.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.weir.metrics.Exposition.Format;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class PromtoolTest {
  @Test
  void promtoolHasNothingToSayAboutAnyMetric() throws Exception {
    String text = EveryMetric.text(EveryMetric.registered(), Format.PROMETHEUS);
    assertThat(checked(text)).isEmpty();
  }

  @Test
  void promtoolWouldComplainAboutABadName() throws Exception {
    assertThat(checked("# HELP weir_things Things.\n# TYPE weir_things counter\nweir_things 1\n"))
        .contains("weir_things");
  }

  private static String checked(String text) throws IOException, InterruptedException {
    Process promtool = start();
    try (OutputStream in = promtool.getOutputStream()) {
      in.write(text.getBytes(StandardCharsets.UTF_8));
    }
    String said = new String(promtool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    int exit = promtool.waitFor();
    return exit == 0 || !said.isEmpty() ? said : "exit code " + exit;
  }

  private static Process start() {
    try {
      return new ProcessBuilder("promtool", "check", "metrics").redirectErrorStream(true).start();
    } catch (IOException e) {
      return fail("promtool is missing; Debian and Ubuntu have it in the package prometheus", e);
    }
  }
}
