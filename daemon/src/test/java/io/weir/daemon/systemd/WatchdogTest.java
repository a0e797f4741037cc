package io.weir.daemon.systemd;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WatchdogTest {
  @TempDir private Path folder;

  @Test
  void itIsFedForAsLongAsAllAnswer() throws InterruptedException {
    AtomicBoolean answering = new AtomicBoolean(true);
    CountDownLatch askedInVain = new CountDownLatch(3);
    try (ServiceManager manager = new ServiceManager(folder.resolve("notify").toString());
        Notifier notifier = Notifier.of(manager.environment());
        Watchdog watchdog =
            new Watchdog(
                notifier,
                Duration.ofMillis(5),
                within -> {
                  if (!answering.get()) {
                    askedInVain.countDown();
                  }
                  return answering.get();
                })) {
      assertThat(watchdog).isNotNull();
      assertThat(manager.hears()).isEqualTo("WATCHDOG=1");
      assertThat(manager.hears()).isEqualTo("WATCHDOG=1");
      answering.set(false);
      askedInVain.await();
      while (!manager.hearsNothingFor(0)) {
        // What was said before.
      }
      assertThat(manager.hearsNothingFor(50)).isTrue();
      answering.set(true);
      assertThat(manager.hears()).isEqualTo("WATCHDOG=1");
    }
  }

  @Test
  void theManagerIsToldThreeTimesInItsInterval() {
    assertThat(Watchdog.interval(Map.of("WATCHDOG_USEC", "30000000"), 7))
        .contains(Duration.ofSeconds(10));
    assertThat(Watchdog.interval(Map.of("WATCHDOG_USEC", "30000000", "WATCHDOG_PID", "7"), 7))
        .contains(Duration.ofSeconds(10));
  }

  @Test
  void whoIsNotWatchedFeedsNobody() {
    assertThat(Watchdog.interval(Map.of(), 7)).isEmpty();
    assertThat(Watchdog.interval(Map.of("WATCHDOG_USEC", "0"), 7)).isEmpty();
    assertThat(Watchdog.interval(Map.of("WATCHDOG_USEC", "soon"), 7)).isEmpty();
    assertThat(Watchdog.interval(Map.of("WATCHDOG_USEC", "30000000", "WATCHDOG_PID", "8"), 7))
        .isEmpty();
  }
}
