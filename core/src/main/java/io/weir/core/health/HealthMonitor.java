package io.weir.core.health;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import io.weir.core.config.HealthConfig;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Checks backends again and again, and tells their listeners. Lives on the control loop. */
public final class HealthMonitor {
  /*
   * Each backend is in one of three states, and so never checked twice at once:
   *
   *   resting --its timer--> waiting --a free place--> running --outcome--> resting
   *
   * The first check comes at once. The second comes at a random moment of the first interval, and
   * those after it an interval apart, give or take a tenth: a thousand backends that were added
   * together are spread over the interval at once, and several balancers do not fall into step.
   */

  /**
   * Checks that run at the same time. Keeps a thousand first checks from being a burst of a
   * thousand sockets and handshakes, and stays far below a limit of 1,024 descriptors. Full of
   * checks that time out after the default of two seconds it still makes 128 a second.
   */
  static final int MAX_RUNNING = 256;

  private static final double JITTER = 0.1;
  private static final long COMPLAIN_EVERY_NANOS = TimeUnit.MINUTES.toNanos(1);
  private static final Logger LOG = LoggerFactory.getLogger(HealthMonitor.class);

  private final EventLoop loop;
  private final CheckRunner runner;
  private final RandomGenerator random;
  private final LongSupplier nanos;
  private final Map<String, Subject> subjects = new HashMap<>();
  private final Queue<Subject> waiting = new ArrayDeque<>();
  private int running;
  private @Nullable Long complainedAt;

  /**
   * A monitor without backends.
   *
   * @param loop the control loop; every method is called on it
   * @param connecting what connects to an address, on the loop
   * @param random used on the loop only
   * @param nanos a clock that never goes back
   */
  public HealthMonitor(
      EventLoop loop,
      Function<SocketAddress, Bootstrap> connecting,
      RandomGenerator random,
      LongSupplier nanos) {
    this.loop = loop;
    this.runner = new CheckRunner(loop, connecting);
    this.random = random;
    this.nanos = nanos;
  }

  /**
   * Checks these backends from now on, and no others.
   *
   * <p>A key that was there keeps what is known of it. Under an equal configuration its checks go
   * on as they are, and the new watch's address, TLS and listener are used from now on, also for
   * the result of a check that is running; under another configuration it is checked at once. The
   * listener of a known key is not told again that its backend is down.
   *
   * @throws IllegalArgumentException if a key is there twice; nothing has changed then
   */
  public void sync(List<Watch> watches) {
    requireLoop();
    Map<String, Watch> wanted = new HashMap<>();
    for (Watch watch : watches) {
      if (wanted.put(watch.key(), watch) != null) {
        throw new IllegalArgumentException("key: " + watch.key() + " (expected: once)");
      }
    }
    List<Subject> gone = new ArrayList<>(subjects.values());
    gone.removeIf(subject -> wanted.containsKey(subject.watch.key()));
    waiting.removeAll(gone); // first of all: each check that ends lets one that waits begin
    for (Subject subject : gone) {
      subjects.remove(subject.watch.key());
      stop(subject);
    }
    for (Watch watch : watches) {
      adopt(watch);
    }
  }

  /** Ends all checks, also those that are running. To be called before the loop ends. */
  public void close() {
    sync(List.of());
  }

  private void adopt(Watch watch) {
    HealthConfig config = watch.config();
    Subject known = subjects.get(watch.key());
    if (known != null && known.watch.config().equals(config)) {
      known.watch = watch;
      return;
    }
    Subject subject;
    if (known == null) {
      subject = new Subject(watch, new RiseFall(config.rise(), config.fall()));
    } else {
      stop(known);
      subject = new Subject(watch, known.state.with(config.rise(), config.fall()));
    }
    subjects.put(watch.key(), subject);
    check(subject);
  }

  private void stop(Subject subject) {
    subject.stopped = true;
    waiting.remove(subject);
    if (subject.rest != null) {
      subject.rest.cancel(false);
    }
    if (subject.run != null) {
      subject.run.cancel(false);
    }
  }

  private void check(Subject subject) {
    subject.rest = null;
    waiting.add(subject);
    fill();
  }

  private void fill() {
    while (running < MAX_RUNNING) {
      Subject subject = waiting.poll();
      if (subject == null) {
        return;
      }
      run(subject);
    }
  }

  private void run(Subject subject) {
    running++;
    long start = nanos.getAsLong();
    Promise<Outcome> run = runner.start(subject.watch);
    subject.run = run;
    run.addListener(ended -> ended(subject, run, start));
  }

  private void ended(Subject subject, Future<Outcome> run, long start) {
    long took = nanos.getAsLong() - start;
    running--;
    subject.run = null;
    fill();
    if (subject.stopped) {
      return;
    }
    rest(subject, took);
    tell(subject, run, took);
  }

  private void rest(Subject subject, long took) {
    long interval = interval(subject.watch.config().every(), subject.first, random);
    subject.first = false;
    subject.rest =
        loop.schedule(() -> check(subject), Math.max(0, interval - took), TimeUnit.NANOSECONDS);
  }

  /** From the start of a check to the start of the next, in nanoseconds. */
  static long interval(Duration every, boolean first, RandomGenerator random) {
    double share = first ? random.nextDouble() : random.nextDouble(1 - JITTER, 1 + JITTER);
    return (long) (every.toNanos() * share);
  }

  private void tell(Subject subject, Future<Outcome> run, long took) {
    if (!run.isSuccess()) {
      complain(run.cause());
      return;
    }
    Outcome outcome = run.getNow();
    boolean changed = subject.state.record(outcome.result() == CheckResult.PASS);
    HealthListener listener = subject.watch.listener();
    listener.result(outcome.result(), took);
    if (changed) {
      listener.change(subject.state.up(), outcome.why());
    }
  }

  private void complain(Throwable cause) {
    long now = nanos.getAsLong();
    if (complainedAt == null || now - complainedAt >= COMPLAIN_EVERY_NANOS) {
      complainedAt = now;
      LOG.warn("a health check could not be made and is left out: {}", cause.toString());
    }
  }

  /** Checks that run now. */
  int running() {
    return running;
  }

  private void requireLoop() {
    if (!loop.inEventLoop()) {
      throw new IllegalStateException("not on the control loop");
    }
  }

  /** A backend under watch. */
  private static final class Subject {
    private Watch watch;
    private final RiseFall state;
    private boolean first = true; // until the first check has ended
    private boolean stopped;
    private @Nullable Future<?> rest; // while resting
    private @Nullable Promise<Outcome> run; // while running

    Subject(Watch watch, RiseFall state) {
      this.watch = watch;
      this.state = state;
    }
  }
}
