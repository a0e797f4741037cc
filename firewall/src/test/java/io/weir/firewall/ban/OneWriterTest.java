package io.weir.firewall.ban;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.firewall.address.Cidr;
import io.weir.firewall.address.ClientAddress;
import io.weir.firewall.testing.Luck;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class OneWriterTest {
  private static final Duration HOUR = Duration.ofHours(1);

  @Test
  void aWorkerLeavesItsChangeToWhoeverWritesAndGoesOn() throws InterruptedException {
    OneWriter writer = new OneWriter();
    List<String> made = new ArrayList<>();
    CountDownLatch writing = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    Thread slow =
        Thread.ofPlatform()
            .start(() ->
                writer.write(() -> {
                  writing.countDown();
                  awaitQuietly(goOn);
                  return made.add("slow");
                }));
    writing.await();
    assertThat(writer.leave(() -> made.add("left"))).isTrue(); // comes back at once
    assertThat(made).isEmpty();
    goOn.countDown();
    slow.join();
    assertThat(made).containsExactly("slow", "left");
    writer.leave(() -> made.add("at once"));
    assertThat(made).hasSize(3);
  }

  @Test
  void whatWaitsIsBounded() throws InterruptedException {
    OneWriter writer = new OneWriter();
    int[] made = new int[1];
    CountDownLatch writing = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    Thread slow =
        Thread.ofPlatform()
            .start(() ->
                writer.write(() -> {
                  writing.countDown();
                  awaitQuietly(goOn);
                  return 0;
                }));
    writing.await();
    int left = 0;
    for (int i = 0; i < 10_000; i++) {
      left += writer.leave(() -> made[0]++) ? 1 : 0;
    }
    assertThat(left).isEqualTo(4096);
    goOn.countDown();
    slow.join();
    assertThat(made[0]).isEqualTo(4096);
    assertThat(writer.leave(() -> made[0]++)).isTrue();
  }

  @Test
  void workersAndOperatorsAtOnceLoseNoBanAndMakeNoneTwice() throws InterruptedException {
    long seed = Luck.seed();
    BanTable bans = new BanTable(1 << 20, new SplittableRandom(seed));
    int each = 20_000;
    int[] told = new int[1]; // written by one writer at a time
    bans.tell(ban -> told[0]++);
    List<Thread> threads = new ArrayList<>();
    for (int worker = 0; worker < 4; worker++) {
      SplittableRandom random = new SplittableRandom(seed + worker);
      int offset = random.nextInt(each);
      threads.add(
          Thread.ofPlatform()
              .start(() -> {
                // All of them ban the same clients, each beginning with another one.
                for (int i = 0; i < each; i++) {
                  ClientAddress client = ClientAddress.v4((i + offset) % each);
                  bans.ban(client, HOUR, "rule", 0);
                  while (!bans.isBanned(client, 0)) { // too many wait: as a client that goes on
                    bans.ban(client, HOUR, "rule", 0);
                  }
                }
              }));
    }
    threads.add(
        Thread.ofPlatform()
            .start(() -> {
              for (int i = 0; i < 2000; i++) {
                Cidr client = Cidr.ofClient(ClientAddress.v4(each + i));
                bans.add(client, HOUR, "operator " + i % 7, 0);
                if (i % 2 == 0) {
                  bans.remove(client, 0);
                }
                if (i % 100 == 0) {
                  bans.sweep(1);
                }
              }
            }));
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(bans.count(0)).as("seed %d", seed).isEqualTo(each + 1000);
    assertThat(told[0]).as("seed %d", seed).isEqualTo(each);
    Map<String, BanTurnover> turnover = bans.takeTurnover();
    assertThat(turnover.values().stream().mapToLong(BanTurnover::added).sum())
        .as("seed %d", seed)
        .isEqualTo(each + 2000L);
    assertThat(turnover.get("rule").added()).as("seed %d", seed).isEqualTo(each);
    bans.forEach(0, ban -> assertThat(ban.times()).as("seed %d", seed).isEqualTo(1));
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
