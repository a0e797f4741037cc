package io.weir.firewall.limit;

import io.weir.benchmarks.ShortRuns;
import io.weir.firewall.address.ClientAddress;
import io.weir.firewall.share.Sharing;
import java.time.Duration;
import java.util.SplittableRandom;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Threads;

/**
 * One request counted by its client's address: alone, refused, and by two workers at once.
 *
 * <pre>java -jar benchmarks/target/benchmarks.jar LimiterTake -prof gc</pre>
 */
@State(Scope.Benchmark)
@SuppressWarnings("NullAway.Init") // by the setup
public class LimiterTake extends ShortRuns {
  private static final int ENTRIES = 1 << 17; // as the compiler of rules makes it
  private static final int CLIENTS = 1 << 14; // a power of two, well below the entries
  private static final int WAITING = 1 << 14;
  private static final long NEVER_REACHED = 1_000_000_000_000_000L;

  private Limiter generous;
  private Limiter strict;
  private Limiter shared;
  private Sharing sharing;
  private long fetched;

  @Setup
  public void create() {
    SplittableRandom random = new SplittableRandom(SEED);
    Duration second = Duration.ofSeconds(1);
    generous = Limiter.of(1_000_000_000, second, NEVER_REACHED, ENTRIES, random);
    strict = Limiter.of(1, second, 1, ENTRIES, random);
    sharing = new Sharing(2, WAITING, random);
    shared = Limiter.shared(1_000_000_000, second, NEVER_REACHED, ENTRIES, sharing);
  }

  /** One worker and the clients that it has. */
  @State(Scope.Thread)
  public static class Worker {
    private final KeyHasher hasher = new KeyHasher();
    private final ClientAddress[] clients = new ClientAddress[CLIENTS];
    private int next;

    /** Gives each worker clients of its own. */
    @Setup
    public void meetClients() {
      SplittableRandom random = new SplittableRandom(SEED + Thread.currentThread().threadId());
      for (int i = 0; i < CLIENTS; i++) {
        clients[i] = ClientAddress.v4(random.nextInt());
      }
    }

    private long take(Limiter limiter, ClientAddress client) {
      limiter.begin(hasher);
      hasher.add(4);
      hasher.add(client.low());
      return limiter.tryTake(hasher.finish(), 1); // time stands still: debts only grow
    }

    private ClientAddress anyClient() {
      return clients[next++ & (CLIENTS - 1)];
    }
  }

  private static final ClientAddress SHARED = ClientAddress.v4(0xc6120001);

  @Benchmark
  public long taken(Worker worker) {
    return worker.take(generous, worker.anyClient());
  }

  @Benchmark
  public long refused(Worker worker) {
    return worker.take(strict, worker.anyClient());
  }

  /** Fetched now and then, as the thread of the shared state does; its share is in the figure. */
  @Benchmark
  public long takenAndShared(Worker worker) {
    if ((worker.next & (WAITING / 2 - 1)) == 0) {
      sharing.drain((limiter, key) -> fetched += key);
    }
    return worker.take(shared, worker.anyClient());
  }

  @Benchmark
  @Threads(2)
  public long twoWorkersOneClient(Worker worker) {
    return worker.take(generous, SHARED);
  }

  @Benchmark
  @Threads(2)
  public long twoWorkersManyClients(Worker worker) {
    return worker.take(generous, worker.anyClient());
  }
}
