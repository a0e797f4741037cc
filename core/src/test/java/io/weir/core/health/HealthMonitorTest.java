package io.weir.core.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelFactory;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.weir.core.config.HealthConfig;
import io.weir.core.config.HostPort;
import io.weir.core.testkit.ByteBackend;
import io.weir.core.testkit.DeadEnd;
import io.weir.core.testkit.LeakWatch;
import io.weir.core.testkit.Script;
import io.weir.core.worker.Transport;
import io.weir.firewall.config.StatusRange;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class HealthMonitorTest {
  private static final Duration EVERY = Duration.ofSeconds(5);
  private static final Duration TIMEOUT = Duration.ofSeconds(2);

  /** Longer than the longest interval, shorter than two of the shortest. */
  private static final Duration NEXT = Duration.ofMillis(5_600);

  private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi";
  private static final String BROKEN = "HTTP/1.1 500 Oops\r\nContent-Length: 0\r\n\r\n";

  private ControlLoop control = new ControlLoop();
  private final Heard heard = new Heard();

  @AfterEach
  void end() {
    control.close();
  }

  @AfterAll
  static void nothingLeaked() {
    LeakWatch.findsNothing();
  }

  @Test
  void aBackendThatAnswersIsUpAndNobodyIsToldSo() {
    try (ByteBackend backend = ByteBackend.playing(Script.answers(OK))) {
      watch(backend);
      checks(1);
      control.passes(NEXT);
      checks(2);
      assertThat(heard.all).containsExactly("pass", "pass");
      assertThat(backend.acceptedConnections()).isEqualTo(2);
    }
  }

  @Test
  void theFirstCheckComesAtOnceAndItsFailureTakesTheBackendDown() {
    try (ByteBackend backend = ByteBackend.playing(Script.answers(BROKEN))) {
      watch(backend);
      checks(1);
      assertThat(heard.all).containsExactly("fail", "down: status 500");
    }
  }

  @Test
  void fallAndRiseAreCountedInARow() {
    try (ByteBackend backend =
        ByteBackend.playing(
            Stream.of(OK, BROKEN, BROKEN, OK, BROKEN, BROKEN, BROKEN, OK, BROKEN, OK, OK)
                .map(Script::answers)
                .toArray(Script[]::new))) {
      watch(backend);
      for (int check = 1; check <= 11; check++) {
        checks(check);
        control.passes(NEXT);
      }
      checks(12);
      assertThat(heard.all)
          .containsExactly(
              "pass",
              "fail",
              "fail",
              "pass",
              "fail",
              "fail",
              "fail",
              "down: status 500",
              "pass",
              "fail",
              "pass",
              "pass",
              "up: status 200",
              "pass");
    }
  }

  @Test
  void aBackendThatDoesNotAnswerInTimeIsHungUpOn() {
    try (ByteBackend backend = ByteBackend.playing(Script.stalls())) {
      watch(backend);
      control.runsUntil("the request", () -> backend.requests().size() == 1);
      control.passes(TIMEOUT.minusNanos(1));
      assertThat(heard.all).isEmpty();
      control.passes(Duration.ofNanos(1));
      assertThat(heard.all).containsExactly("timeout", "down: no answer in 2000 ms");
      assertThat(heard.durations).containsExactly(TIMEOUT.toNanos());
      backend.seesEndOf(0);
    }
  }

  @Test
  void theTimeoutCoversConnecting() throws Exception {
    try (DeadEnd silent = DeadEnd.silent()) {
      watch(silent.address());
      control.loop.runNow();
      control.passes(TIMEOUT);
      assertThat(heard.all).containsExactly("timeout", "down: no answer in 2000 ms");
    }
  }

  @Test
  void aRefusedConnectionFails() throws Exception {
    try (DeadEnd refusing = DeadEnd.refusing()) {
      watch(refusing.address());
      checks(1);
      assertThat(heard.all).first().isEqualTo("fail");
      assertThat(heard.all).last().asString().isEqualTo("down: connection refused");
    }
  }

  @Test
  void onEpollChecksSeeTheSame() throws Exception {
    control.close();
    control = new ControlLoop(Transport.EPOLL);
    try (ByteBackend backend = ByteBackend.playing(Script.answers(OK));
        DeadEnd refusing = DeadEnd.refusing()) {
      watch(backend);
      checks(1);
      watch(refusing.address());
      control.passes(NEXT);
      checks(2);
      watch(InetSocketAddress.createUnresolved("localhost", 1));
      control.passes(NEXT);
      checks(3);
      assertThat(heard.all).containsExactly("pass", "fail", "fail");
    }
  }

  @Test
  void aNameThatIsNotResolvedFailsInsteadOfBlockingTheLoop() {
    watch(InetSocketAddress.createUnresolved("localhost", 1));
    checks(1);
    assertThat(heard.all).containsExactly("fail", "down: UnresolvedAddressException");
  }

  @Test
  void checksAreAnIntervalApartFromStartToStart() {
    try (ByteBackend backend = ByteBackend.playing(Script.answers(OK), Script.stalls())) {
      watch(backend);
      checks(1);
      control.passes(NEXT);
      control.runsUntil("the second request", () -> backend.requests().size() == 2);
      control.passes(TIMEOUT);
      checks(2);
      control.passes(Duration.ofMillis(2_400)); // 4.4 s after the start, and 4.5 is the shortest
      assertThat(control.monitor.running()).isZero();
      control.passes(Duration.ofMillis(1_200)); // 5.6 s, and 5.5 is the longest
      assertThat(control.monitor.running()).isOne();
    }
  }

  @Test
  void intervalsKeepBackendsThatWereAddedTogetherApart() {
    long seed = Long.getLong("seed", new SplittableRandom().nextLong());
    SplittableRandom random = new SplittableRandom(seed);
    int[] tenths = new int[10];
    for (int i = 0; i < 1_000; i++) {
      long first = HealthMonitor.interval(EVERY, true, random);
      tenths[(int) (first * 10 / EVERY.toNanos())]++;
      long later = HealthMonitor.interval(EVERY, false, random);
      assertThat(later).as("seed %d", seed).isBetween(4_500_000_000L, 5_500_000_000L);
    }
    assertThat(IntStream.of(tenths).min().orElseThrow())
        .as("seed %d", seed)
        .isGreaterThan(50); // fair: 100
  }

  @Test
  void stateAndScheduleSurviveASyncWithTheSameWatch() {
    try (ByteBackend backend =
        ByteBackend.playing(
            Script.answers(BROKEN), Script.answers(OK), Script.answers(OK), Script.answers(OK))) {
      watch(backend);
      checks(1);
      assertThat(heard.all).containsExactly("fail", "down: status 500");

      Heard after = new Heard();
      control.monitor.sync(List.of(watchOf("k", backend.address(), http(2, 3), after)));
      control.loop.runNow();
      assertThat(control.monitor.running()).isZero(); // the next check comes when it was due
      control.passes(NEXT);
      control.runsUntil("a result", () -> after.results() == 1);
      control.monitor.sync(List.of(watchOf("k", backend.address(), http(2, 3), after)));
      control.passes(NEXT);
      control.runsUntil("a result", () -> after.results() == 2);

      assertThat(after.all).containsExactly("pass", "pass", "up: status 200");
      assertThat(heard.all).hasSize(2);
    }
  }

  @Test
  void aSyncDuringACheckLetsItEndAndTellsTheNewListener() {
    CountDownLatch gate = new CountDownLatch(1);
    Script script = Script.answers((on, request) -> sendsAfter(gate, on::sends));
    try (ByteBackend backend = ByteBackend.playing(script)) {
      watch(backend);
      control.runsUntil("the request", () -> backend.requests().size() == 1);
      Heard after = new Heard();
      control.monitor.sync(List.of(watchOf("k", backend.address(), http(2, 3), after)));
      gate.countDown();
      control.runsUntil("a result", () -> after.results() == 1);
      assertThat(after.all).containsExactly("pass");
      assertThat(heard.all).isEmpty();
      assertThat(backend.acceptedConnections()).isOne();
    }
  }

  @Test
  void anotherConfigurationChecksAtOnceAndKeepsTheState() {
    try (ByteBackend backend =
        ByteBackend.playing(Script.answers(BROKEN), Script.stalls(), Script.answers(OK))) {
      watch(backend);
      checks(1);
      control.passes(NEXT);
      control.runsUntil("the second request", () -> backend.requests().size() == 2);

      control.monitor.sync(List.of(watchOf("k", backend.address(), http(1, 1), heard)));
      backend.seesEndOf(1);
      checks(2);
      assertThat(heard.all).containsExactly("fail", "down: status 500", "pass", "up: status 200");
      assertThat(control.monitor.running()).isZero();
    }
  }

  @Test
  void aBackendThatIsGoneIsLeftAloneInTheMidstOfACheck() {
    try (ByteBackend backend = ByteBackend.playing(Script.stalls())) {
      watch(backend);
      control.runsUntil("the request", () -> backend.requests().size() == 1);
      control.monitor.sync(List.of());
      backend.seesEndOf(0);
      control.passes(NEXT.multipliedBy(3));
      assertThat(control.monitor.running()).isZero();
      assertThat(heard.all).isEmpty();
      assertThat(backend.acceptedConnections()).isOne();
    }
  }

  @Test
  void aBackendThatIsGoneBetweenChecksIsNotCheckedAgain() {
    try (ByteBackend backend = ByteBackend.playing(Script.answers(OK))) {
      watch(backend);
      checks(1);
      control.monitor.sync(List.of());
      control.passes(NEXT.multipliedBy(3));
      assertThat(control.monitor.running()).isZero();
      assertThat(heard.all).containsExactly("pass");
    }
  }

  @Test
  void aBackendThatComesBackIsANewOne() {
    try (ByteBackend backend = ByteBackend.playing(Script.answers(BROKEN))) {
      watch(backend);
      checks(1);
      control.monitor.sync(List.of());
      watch(backend);
      checks(2);
      assertThat(heard.all).containsExactly("fail", "down: status 500", "fail", "down: status 500");
    }
  }

  @Test
  void noBackendIsCheckedTwiceAtOnceHoweverSlowItIs() {
    try (ByteBackend backend = ByteBackend.playing(Script.stalls())) {
      HealthConfig slow = new HealthConfig(probe(), EVERY, EVERY, 2, 3);
      control.monitor.sync(List.of(watchOf("k", backend.address(), slow, heard)));
      for (int check = 1; check <= 20; check++) {
        int expected = check;
        control.runsUntil("the next request", () -> backend.requests().size() == expected);
        control.passes(EVERY.minusNanos(1));
        assertThat(control.monitor.running()).isOne();
        control.passes(Duration.ofNanos(1)); // times out; the next is due, or is in half a second
        control.passes(Duration.ofMillis(500));
        assertThat(heard.results()).isEqualTo(check);
      }
    }
  }

  @Test
  void moreChecksThanMayRunAtOnceWaitForTheirTurn() {
    int backends = HealthMonitor.MAX_RUNNING + 44;
    CountDownLatch gate = new CountDownLatch(1);
    Script script = Script.answers((on, request) -> sendsAfter(gate, on::sends));
    try (ByteBackend backend = ByteBackend.playing(script)) {
      List<Watch> watches =
          IntStream.range(0, backends)
              .mapToObj(i -> watchOf("k" + i, backend.address(), http(2, 3), heard))
              .toList();
      control.monitor.sync(watches);
      control.runsUntil(
          "all that may run", () -> backend.requests().size() == HealthMonitor.MAX_RUNNING);
      assertThat(control.monitor.running()).isEqualTo(HealthMonitor.MAX_RUNNING);

      // Of those that wait, some are gone before their turn.
      control.monitor.sync(watches.subList(0, backends - 4));
      gate.countDown();
      checks(backends - 4);
      assertThat(backend.acceptedConnections()).isEqualTo(backends - 4);
      assertThat(heard.all).containsOnly("pass");
      assertThat(control.monitor.running()).isZero();
    }
  }

  @Test
  void whoeverWaitsForATurnIsNotCheckedOnTheWayOut() {
    try (ByteBackend backend = ByteBackend.playing(Script.stalls())) {
      control.monitor.sync(
          IntStream.range(0, HealthMonitor.MAX_RUNNING + 50)
              .mapToObj(i -> watchOf("k" + i, backend.address(), http(2, 3), heard))
              .toList());
      control.runsUntil(
          "all that may run", () -> backend.requests().size() == HealthMonitor.MAX_RUNNING);
      control.monitor.close();
      control.loop.runNow();
      backend.seesEndOf(HealthMonitor.MAX_RUNNING - 1);
      assertThat(backend.acceptedConnections()).isEqualTo(HealthMonitor.MAX_RUNNING);
      assertThat(control.monitor.running()).isZero();
    }
  }

  @Test
  void aShortageOfSocketsSaysNothingOfTheBackend() {
    AtomicInteger left = new AtomicInteger(0);
    ChannelFactory<NioSocketChannel> channels =
        () -> {
          if (left.getAndDecrement() <= 0) {
            throw new ChannelException("too many open files");
          }
          return new NioSocketChannel();
        };
    control.close();
    control =
        new ControlLoop(
            Transport.NIO,
            loop ->
                address ->
                    new Bootstrap().group(loop).channelFactory(channels).remoteAddress(address));
    try (ByteBackend backend = ByteBackend.playing(Script.answers(OK))) {
      watch(backend);
      control.runsUntil("the attempt", () -> left.get() < 0 && control.monitor.running() == 0);
      left.set(1);
      control.passes(NEXT);
      checks(1);
      assertThat(heard.all).containsExactly("pass");
    }
  }

  @Test
  void anAddressThatCannotBeToldSaysNothingOfTheBackend() {
    AtomicInteger asked = new AtomicInteger();
    try (ByteBackend backend = ByteBackend.playing(Script.answers(OK))) {
      Supplier<SocketAddress> address =
          () -> {
            if (asked.incrementAndGet() == 1) {
              throw new IllegalStateException("not yet known");
            }
            return backend.address();
          };
      control.monitor.sync(
          List.of(
              new Watch(
                  "k", new HostPort("app", 80), address, http(2, 3), null, null, false, heard)));
      control.runsUntil("the attempt", () -> control.monitor.running() == 0);
      control.passes(NEXT);
      checks(1);
      assertThat(heard.all).containsExactly("pass");
    }
  }

  @Test
  void aListenerThatThrowsIsCalledAgainNextTime() {
    List<CheckResult> results = new ArrayList<>();
    HealthListener faulty =
        new HealthListener() {
          @Override
          public void result(CheckResult result, long nanos) {
            results.add(result);
            throw new IllegalStateException("a listener's bug");
          }

          @Override
          public void change(boolean up, String why) {}
        };
    try (ByteBackend backend = ByteBackend.playing(Script.answers(OK))) {
      control.monitor.sync(List.of(watchOf("k", backend.address(), http(2, 3), faulty)));
      control.runsUntil("a result", () -> results.size() == 1);
      control.passes(NEXT);
      control.runsUntil("a result", () -> results.size() == 2);
      assertThat(control.monitor.running()).isZero();
    }
  }

  @Test
  void aKeyThatIsThereTwiceIsRefusedAndNothingChanges() {
    try (ByteBackend backend = ByteBackend.playing(Script.answers(OK))) {
      watch(backend);
      checks(1);
      Watch other = watchOf("x", backend.address(), http(2, 3), heard);
      assertThatThrownBy(() -> control.monitor.sync(List.of(other, other)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("key: x (expected: once)");
      control.passes(NEXT);
      checks(2);
      assertThat(backend.acceptedConnections()).isEqualTo(2);
    }
  }

  @Test
  void itBelongsToTheControlLoop() {
    assertThatThrownBy(
            () -> CompletableFuture.runAsync(() -> control.monitor.sync(List.of())).join())
        .isInstanceOf(CompletionException.class)
        .hasRootCauseMessage("not on the control loop");
  }

  private static void sendsAfter(CountDownLatch gate, Consumer<String> sends) {
    try {
      gate.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    sends.accept(OK);
  }

  private void watch(ByteBackend backend) {
    watch(backend.address());
  }

  private void watch(InetSocketAddress address) {
    control.monitor.sync(List.of(watchOf("k", address, http(2, 3), heard)));
  }

  /** Runs the loop until so many results were heard. */
  private void checks(int results) {
    control.runsUntil(results + " results", () -> heard.results() >= results);
    assertThat(heard.results()).isEqualTo(results);
  }

  private static Watch watchOf(
      String key, InetSocketAddress address, HealthConfig config, HealthListener listener) {
    HostPort backend = new HostPort(address.getHostString(), address.getPort());
    return new Watch(key, backend, () -> address, config, null, null, false, listener);
  }

  private static HealthConfig http(int rise, int fall) {
    return new HealthConfig(probe(), EVERY, TIMEOUT, rise, fall);
  }

  private static HealthConfig.Http probe() {
    return new HealthConfig.Http("/healthz", "", List.of(new StatusRange(200, 399)));
  }
}
