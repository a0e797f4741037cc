package io.weir.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.log.FirewallLog;
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
import org.junit.jupiter.api.Test;

class BanJournalTest {
  private final Queue<Runnable> loop = new ArrayDeque<>();
  private final List<Ban> written = new ArrayList<>();
  private final BanTable bans = new BanTable(1 << 16, new SplittableRandom(1));
  private long lost;

  private final FirewallLog.BanSink sink =
      new FirewallLog.BanSink() {
        @Override
        public void write(Ban ban) {
          written.add(ban);
        }

        @Override
        public void lost(long more) {
          lost += more;
        }
      };

  private void loopRuns() {
    loop.forEach(Runnable::run);
    loop.clear();
  }

  private void ban(int client) {
    bans.ban(ClientAddress.v4(client), Duration.ofMinutes(1), "trap", 7);
  }

  @Test
  void eachBanOfARuleIsWrittenByTheLoopAndNoneOfAnother() {
    bans.tell(new BanJournal(loop::add, sink));
    ban(1);
    ban(1); // is banned
    Cidr other = Cidr.parse("192.0.2.8");
    bans.adoptAll(List.of(BanChange.made(new Ban(other, 7, 90_000, 1, "trap"))), 7);
    bans.add(Cidr.parse("192.0.2.9"), Duration.ofMinutes(1), "by hand", 7);
    assertThat(written).as("who bans does not write").isEmpty();
    loopRuns();
    assertThat(written).containsExactly(new Ban(Cidr.parse("0.0.0.1"), 7, 60_007, 1, "trap"));
  }

  @Test
  void anAttackOfTenThousandAddressesIsWrittenWhileTheLoopKeepsUp() {
    bans.tell(new BanJournal(loop::add, sink));
    for (int i = 1; i <= 10_000; i++) {
      ban(i);
      if (i % 1000 == 0) {
        loopRuns();
      }
    }
    assertThat(written).hasSize(10_000);
    assertThat(lost).isZero();
  }

  @Test
  void whatALoopThatStandsStillIsToWriteIsBoundedAndTheRestCounted() {
    bans.tell(new BanJournal(loop::add, sink));
    for (int i = 1; i <= 10_000; i++) {
      ban(i);
    }
    assertThat(loop).hasSize(8192);
    loopRuns();
    assertThat(written).hasSize(8192);
    assertThat(lost).isEqualTo(10_000 - 8192);
    ban(-1);
    loopRuns();
    assertThat(written).hasSize(8193);
  }
}
