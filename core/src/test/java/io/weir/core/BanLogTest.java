package io.weir.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.firewall.address.Cidr;
import io.weir.firewall.address.ClientAddress;
import io.weir.firewall.ban.Ban;
import io.weir.firewall.ban.BanChange;
import io.weir.firewall.ban.BanTable;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;

class BanLogTest {
  private static final Duration MINUTE = Duration.ofMinutes(1);

  private final Queue<Runnable> loop = new ArrayDeque<>();
  private final List<String> lines = new ArrayList<>();
  private final BanLog log = new BanLog(loop::add, lines::add);
  private final BanTable bans = new BanTable(1000, new SplittableRandom(1));

  private List<String> written() {
    loop.forEach(Runnable::run);
    loop.clear();
    List<String> written = List.copyOf(lines);
    lines.clear();
    return written;
  }

  private static BanChange told(String clients) {
    Cidr cidr = Cidr.parse(clients);
    return BanChange.made(new Ban(cidr, 0, 90_000, 1, "trap"));
  }

  @Test
  void eachBanHasALineThatTheLoopWrites() {
    bans.tell(log);
    bans.ban(ClientAddress.parse("192.0.2.7"), MINUTE, "trap", 0);
    bans.ban(ClientAddress.parse("192.0.2.7"), MINUTE, "trap", 0); // is banned
    bans.adoptAll(List.of(told("192.0.2.8"), told("198.51.100.0/24"), told("192.0.2.7")), 0);
    bans.adoptAll(List.of(told("192.0.2.8"), told("198.51.100.0/24")), 0);
    bans.add(Cidr.parse("192.0.2.9"), MINUTE, "has a line already", 0);
    assertThat(lines).as("who bans does not write").isEmpty();
    assertThat(written())
        .containsExactly(
            "192.0.2.7 banned until 1970-01-01T00:01:00Z by the rule trap",
            "192.0.2.8 banned until 1970-01-01T00:01:30Z on another balancer: trap",
            "198.51.100.0/24 banned until 1970-01-01T00:01:30Z on another balancer: trap");
    log.summarize();
    assertThat(written()).isEmpty();
  }

  @Test
  void anAttackFillsNoLog() {
    bans.tell(log);
    for (int i = 0; i < 500; i++) {
      bans.ban(ClientAddress.v4(i), MINUTE, "trap", 0);
    }
    bans.adoptAll(List.of(told("192.0.2.8")), 0);
    assertThat(written()).hasSize(21);
    log.summarize();
    assertThat(written()).containsExactly("480 more banned by rules");
    bans.ban(ClientAddress.v4(500), MINUTE, "trap", 0);
    log.summarize();
    assertThat(written())
        .containsExactly("0.0.1.244 banned until 1970-01-01T00:01:00Z by the rule trap");
  }

  @Test
  void whoBansWhileTheLoopEndsBansAllTheSame() {
    BanLog ended =
        new BanLog(
            task -> {
              throw new RejectedExecutionException("closed");
            },
            lines::add);
    bans.tell(ended);
    bans.ban(ClientAddress.v4(1), MINUTE, "trap", 0);
    assertThat(bans.isBanned(ClientAddress.v4(1), 0)).isTrue();
  }
}
