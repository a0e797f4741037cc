package io.weir.core.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.meter.BackendMeter;
import io.weir.metrics.Metrics;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.util.List;
import org.junit.jupiter.api.Test;

class BackendTest {
  private static Backend backend(String name, SocketAddress address) {
    Metrics metrics = new Metrics(1);
    return new Backend(
        name, address, new BackendMeter(metrics.nextGeneration(), "app", name), List.of());
  }

  @Test
  void whoeverNamesNoHostAsksForOneThatCanBeWritten() {
    assertThat(backend("a.test:81", InetSocketAddress.createUnresolved("a.test", 81)).authority())
        .isEqualTo("a.test:81");
    assertThat(
            backend("unix:/run/app.sock", UnixDomainSocketAddress.of("/run/app.sock")).authority())
        .isEqualTo("localhost");
  }
}
