package io.weir.daemon.systemd;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NotifierTest {
  @TempDir private Path folder;

  @Test
  void theManagerHearsEachStepInItsOwnWords() throws InterruptedException {
    try (ServiceManager manager = new ServiceManager(folder.resolve("notify").toString());
        Notifier notifier = Notifier.of(manager.environment())) {
      notifier.ready("3 of 3 backends up");
      assertThat(manager.hears()).isEqualTo("READY=1\nSTATUS=3 of 3 backends up");
      notifier.status("12.0 requests per second");
      assertThat(manager.hears()).isEqualTo("STATUS=12.0 requests per second");
      notifier.reloading(1_234_567_891L);
      assertThat(manager.hears()).isEqualTo("RELOADING=1\nMONOTONIC_USEC=1234567");
      notifier.alive();
      assertThat(manager.hears()).isEqualTo("WATCHDOG=1");
      notifier.extendTimeout(Duration.ofSeconds(15));
      assertThat(manager.hears()).isEqualTo("EXTEND_TIMEOUT_USEC=15000000");
      notifier.stopping("draining");
      assertThat(manager.hears()).isEqualTo("STOPPING=1\nSTATUS=draining");
    }
  }

  @Test
  void anAbstractSocketIsReachedToo() throws InterruptedException {
    String name = "@weir-test-" + ProcessHandle.current().pid();
    try (ServiceManager manager = new ServiceManager(name);
        Notifier notifier = Notifier.of(manager.environment())) {
      notifier.ready("ok");
      assertThat(manager.hears()).startsWith("READY=1\n");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "/nobody/listens/here", "relative"})
  void withoutAManagerNothingHappens(String socket) {
    try (Notifier notifier = Notifier.of(Map.of("NOTIFY_SOCKET", socket))) {
      notifier.ready("ok");
      notifier.alive();
    }
    try (Notifier notifier = Notifier.of(Map.of("NOTIFY_SOCKET", "/" + "x".repeat(200)))) {
      notifier.ready("ok");
    }
  }

  @Test
  void nothingIsSaidAfterTheEnd() throws InterruptedException {
    try (ServiceManager manager = new ServiceManager(folder.resolve("notify").toString())) {
      Notifier notifier = Notifier.of(manager.environment());
      notifier.close();
      notifier.close();
      notifier.ready("too late");
      assertThat(manager.hearsNothingFor(50)).isTrue();
    }
  }
}
