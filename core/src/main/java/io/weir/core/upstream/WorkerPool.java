package io.weir.core.upstream;

import io.weir.core.balance.Balancer;
import io.weir.core.worker.Worker;

/**
 * One pool as one worker sees it: the place of its balancer, which survives reloads. For that
 * worker's loop.
 */
public final class WorkerPool {
  private final Worker worker;
  private final Balancer balancer;

  public WorkerPool(Worker worker, Balancer balancer) {
    this.worker = worker;
    this.balancer = balancer;
  }

  /** Whether it balances in the same way as {@code other}, so that its place can be kept. */
  public boolean balancesLike(Balancer other) {
    return balancer.getClass() == other.getClass();
  }

  /**
   * Picks for a new request or for the next attempt of one.
   *
   * @return false if there is no backend that was not tried
   */
  public boolean pick(Pool pool, Picks picks) {
    if (picks.count() == 0) {
      picks.begin(pool.available());
      Available available = picks.available();
      return picks.add(balancer.pick(available.candidates(), available, worker.random()));
    }
    Available available = picks.available();
    return picks.add(
        balancer.pickOther(
            available.candidates(), available, worker.random(), picks.indexes(), picks.count()));
  }
}
