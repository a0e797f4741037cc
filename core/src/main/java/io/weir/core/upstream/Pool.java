package io.weir.core.upstream;

import io.weir.core.balance.Candidates;
import io.weir.core.meter.PoolMeter;
import io.weir.core.worker.Worker;
import io.weir.tls.UpstreamTlsConfig;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A compiled pool: its members, and which of them are available now. */
public final class Pool {
  private final String name;
  private final String balance;
  private final @Nullable UpstreamTlsConfig tlsConfig;
  private final List<Member> members;
  private final PoolSettings settings;
  private final PoolMeter meter;
  private final WorkerPool[] perWorker;

  /** Replaced as a whole by the control thread or loop; workers read it once per pick. */
  private volatile Available available = Available.NONE;

  /**
   * One backend of this pool.
   *
   * @param backup used only while no other is available
   */
  public record Member(Backend backend, int weight, boolean backup) {}

  /**
   * A pool of which all members that are up are available.
   *
   * @param tlsConfig how its backends are reached; null for plain text
   * @param perWorker by the workers' index
   */
  public Pool(
      String name,
      String balance,
      @Nullable UpstreamTlsConfig tlsConfig,
      List<Member> members,
      PoolSettings settings,
      PoolMeter meter,
      WorkerPool[] perWorker) {
    this.name = name;
    this.balance = balance;
    this.tlsConfig = tlsConfig;
    this.members = List.copyOf(members);
    this.settings = settings;
    this.meter = meter;
    this.perWorker = perWorker;
    publish();
  }

  public String name() {
    return name;
  }

  /** How backends are chosen, as operators write it. */
  public String balance() {
    return balance;
  }

  /** By which the next configuration tells whether backends are reached in the same way. */
  public @Nullable UpstreamTlsConfig tlsConfig() {
    return tlsConfig;
  }

  public List<Member> members() {
    return members;
  }

  public PoolSettings settings() {
    return settings;
  }

  public PoolMeter meter() {
    return meter;
  }

  /** The members that may be picked now. */
  Available available() {
    return available;
  }

  /** This pool as one worker sees it; for that worker's loop. */
  public WorkerPool on(Worker worker) {
    return perWorker[worker.index()];
  }

  /** Computes anew which members are available. Control thread before adoption, then its loop. */
  public void publish() {
    Available primaries = available(false);
    available = primaries.size() > 0 ? primaries : available(true);
  }

  private Available available(boolean backups) {
    List<Backend> up = new ArrayList<>();
    List<Integer> weights = new ArrayList<>();
    for (Member member : members) {
      if (member.backup() == backups && member.backend().isUp()) {
        up.add(member.backend());
        weights.add(member.weight());
      }
    }
    int[] weightArray = weights.stream().mapToInt(Integer::intValue).toArray();
    return new Available(Candidates.of(up, weightArray), up.toArray(Backend[]::new));
  }
}
