package io.weir.packaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

class DashboardIT {
  // The browser may still be writing to its profile while it is being ended.
  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  private Path folder;

  private final AtomicBoolean visiting = new AtomicBoolean(true);
  private Weir weir;
  private Chromium chromium;

  @BeforeEach
  void open() {
    weir = Weir.start(folder, "demo", "--http", "0", "--https", "0", "--admin", "0");
    chromium = new Chromium(folder.resolve("profile"));
    chromium.isAsWideAs(1280, 900);
    chromium.opens(weir.admin() + "/");
  }

  @AfterEach
  void close() {
    visiting.set(false);
    chromium.close();
    weir.close();
  }

  /** Somebody who asks for something some twenty times a second. */
  private void somebodyVisits() {
    String url = weir.web() + "/hello";
    Thread.ofVirtual()
        .start(() -> {
          while (visiting.get()) {
            Http.get(url);
            pause();
          }
        });
  }

  private static void pause() {
    try {
      Thread.sleep(50);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void soon(ThrowingRunnable holds) {
    await().atMost(Duration.ofSeconds(60)).untilAsserted(holds);
  }

  private double figure(String id) {
    return Double.parseDouble(chromium.text(id).replaceAll("[^0-9.].*", ""));
  }

  @Test
  void itShowsLiveFigures() {
    soon(() -> assertThat(chromium.text("state")).isEqualTo("serving"));
    assertThat(chromium.text("backends")).contains("app", "127.0.0.1:", "● up");
    assertThat(chromium.text("listeners")).contains("web", "secure", "http tls");
    assertThat(chromium.text("up")).isEqualTo("3/3");
    assertThat(chromium.text("config")).contains("demo.yaml", "generation 1", "last reload ok");

    String by = "document.getElementById('refusals').dataset.by";
    soon(() -> assertThat(chromium.evaluates(by)).as("refusals come").isEqualTo("stream"));

    somebodyVisits();
    soon(() -> assertThat(figure("qps")).isPositive());
    soon(() -> assertThat(chromium.text("p50")).matches("[0-9.]+ (µs|ms|s)"));
    soon(() -> assertThat(chromium.text("errors")).matches("[<0-9.]+%"));
    assertThat(chromium.text("routes")).contains("app");
    assertThat(chromium.evaluates("document.title")).endsWith(" rps · Weir");

    String asked =
        "performance.getEntriesByType('resource').filter(e => e.name.includes('limit=')).length";
    String before = chromium.evaluates(asked);
    int refused = 7;
    for (int i = 0; i < refused; i++) {
      assertThat(Http.get(weir.web() + "/admin/x").statusCode()).isEqualTo(403);
    }
    soon(() ->
        assertThat(
                chromium.evaluates(
                    "[...document.querySelectorAll('#rules tr')]"
                        + ".find(row => row.cells[0].textContent === 'admin-is-closed')"
                        + ".cells[3].textContent"))
            .isEqualTo(Integer.toString(refused)));
    soon(() ->
        assertThat(chromium.evaluates("document.querySelectorAll('#refusals tbody tr').length"))
            .isEqualTo(Integer.toString(refused)));
    assertThat(chromium.text("refusals"))
        .contains("s ago", "127.0.0.1", "admin-is-closed", "deny 403", "path = /admin/x", "GET ")
        .containsPattern("[0-9a-f]{32}");
    assertThat(chromium.evaluates(asked)).as("they came by themselves").isEqualTo(before);
    assertThat(chromium.complaints()).isEmpty();
  }

  @Test
  void theKeyboardPausesAndChangesTheTheme() {
    soon(() -> assertThat(chromium.text("state")).isEqualTo("serving"));
    String theme = "document.documentElement.dataset.theme";
    String ground = "getComputedStyle(document.body).backgroundColor";
    chromium.prefers("light");
    String light = chromium.evaluates(ground);
    chromium.prefers("dark");
    assertThat(chromium.evaluates(ground)).isNotEqualTo(light);
    chromium.types("t");
    assertThat(chromium.evaluates(theme)).isEqualTo("light");
    assertThat(chromium.evaluates(ground)).isEqualTo(light);

    chromium.types("p");
    assertThat(chromium.evaluates("document.getElementById('pause').ariaPressed"))
        .isEqualTo("true");
    assertThat(chromium.text("state")).isEqualTo("paused");
    chromium.types("p");
    soon(() -> assertThat(chromium.text("state")).isEqualTo("serving"));
    assertThat(chromium.complaints()).isEmpty();
  }

  @Test
  void aPhoneIsWideEnough() {
    chromium.isAsWideAs(360, 740);
    soon(() -> assertThat(chromium.text("state")).isEqualTo("serving"));
    assertThat(chromium.evaluates("document.documentElement.scrollWidth <= innerWidth"))
        .isEqualTo("true");
  }

  @Test
  void whenTheDaemonIsGoneThePageSaysSo() {
    soon(() -> assertThat(chromium.text("state")).isEqualTo("serving"));
    weir.signalled("TERM");
    soon(() -> assertThat(chromium.text("state")).isEqualTo("no answer"));
    assertThat(chromium.evaluates("document.body.className")).isEqualTo("stale");
  }
}
