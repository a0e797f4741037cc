package io.weir.daemon.shared;

import io.weir.firewall.limit.Limiter;
import io.weir.firewall.share.Sharing;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Adds what others took to the debts of our limits, and tells them what we took; one thread.
 *
 * <p>Times are nanoseconds of the clock of the limits; those of Redis are microseconds of its
 * clock.
 */
final class LimitExchange {
  /*
   * A limit keeps for each key when its debt is paid. So does Redis, for all balancers together. Of
   * each key for which something was taken here, Redis is told how much, adds it to its debt, and
   * answers with the sum; by what this is more than what was owed here, others took, and that much
   * is added to the debt here. What is taken here meanwhile is in our debt already and in the next
   * batch, so nothing is counted twice and nothing is lost.
   *
   * Until they hear of each other, balancers may each take what the limit allows; then they owe it.
   * A debt may exceed the burst by that, and it is paid before any of them takes more. So the sum is
   * the limit in the long run, and ahead of it by no more than
   *
   *     (balancers - 1) x (rate x time of an exchange, or once the burst for a key that is new here)
   *
   * What was taken in some time is also paid in that time, so a key that Redis holds for paid since
   * long begins to owe when the first of a batch was taken, not when the batch arrives.
   *
   * What is owed here goes along, and is the least that Redis holds for owed. If it lost its memory
   * it so has it again, and what was in a batch of which nobody knows whether it arrived needs no
   * repetition that might count twice. Such a least debt must never be more than the truth, or it
   * would grow with every exchange: times of Redis are computed from the receipt of its last answer,
   * which is a little behind, and answers count as of the time of asking.
   */
  static final int MOST_KEYS = 1 << 16;
  private static final int BATCH = 256; // keys: half a millisecond for Redis
  private static final long MICRO = 1000;

  private record Taken(int limiter, long key) {}

  /** How often something was taken, 0 if only the debt is to be told, and since when. */
  private record Times(int count, long since) {
    Times more(Times other) {
      return new Times(count + other.count, since);
    }
  }

  private final Sharing sharing;
  private final Supplier<Map<Integer, SharedLimit>> limits;
  private final Map<Taken, Times> pending = new LinkedHashMap<>();
  private boolean telling;
  private long collected; // when last
  private long clock; // what to add to our microseconds for those of Redis
  private long dropped;

  /**
   * Nothing to tell.
   *
   * @param limits those that are in force, by their numbers
   */
  LimitExchange(Sharing sharing, Supplier<Map<Integer, SharedLimit>> limits) {
    this.sharing = sharing;
    this.limits = limits;
  }

  /**
   * Fetches what was taken since the last time.
   *
   * @param soon whether it will be told soon; what is told late is a debt and no news any more
   * @param nanos now
   */
  void collect(boolean soon, long nanos) {
    telling = soon;
    sharing.drain(this::collect);
    collected = nanos;
  }

  private void collect(int limiter, long key) {
    Taken taken = new Taken(limiter, key);
    if (pending.size() >= MOST_KEYS && !pending.containsKey(taken)) {
      dropped++;
    } else {
      pending.merge(taken, new Times(telling ? 1 : 0, collected), Times::more);
    }
  }

  boolean isEmpty() {
    return pending.isEmpty();
  }

  /** What Redis is to be told now, so many batches at most; the rest waits. */
  List<DebtBatch> next(long nanos, int most) {
    Map<Integer, SharedLimit> known = limits.get();
    List<DebtBatch> batches = new ArrayList<>();
    List<DebtBatch.Entry> entries = new ArrayList<>();
    Iterator<Map.Entry<Taken, Times>> oldest = pending.entrySet().iterator();
    while (oldest.hasNext() && batches.size() < most) {
      Map.Entry<Taken, Times> next = oldest.next();
      oldest.remove();
      SharedLimit limit = known.get(next.getKey().limiter());
      if (limit != null) {
        entries.add(entry(limit, next.getKey().key(), next.getValue(), nanos));
      }
      if (entries.size() == BATCH || (!oldest.hasNext() && !entries.isEmpty())) {
        batches.add(new DebtBatch(entries, nanos));
        entries = new ArrayList<>();
      }
    }
    return batches;
  }

  private static DebtBatch.Entry entry(SharedLimit limit, long key, Times times, long nanos) {
    long owed = limit.limiter().untilPaid(key, nanos);
    return new DebtBatch.Entry(limit, key, times.count(), times.since(), owed);
  }

  /** Four numbers for each key: since when something is new, how much, what is owed, the most. */
  List<String> arguments(DebtBatch batch) {
    List<String> arguments = new ArrayList<>();
    for (DebtBatch.Entry entry : batch.entries()) {
      long most = most(entry.limit().limiter());
      arguments.add(Long.toString(ofRedis(entry.since())));
      arguments.add(Long.toString(Math.ceilDiv(entry.added(most), MICRO)));
      arguments.add(Long.toString(entry.owed() == 0 ? 0 : ofRedis(batch.nanos() + entry.owed())));
      arguments.add(Long.toString(most / MICRO));
    }
    return arguments;
  }

  private long ofRedis(long nanos) {
    return Math.floorDiv(nanos, MICRO) + clock;
  }

  /**
   * The most that a key can owe to all: what a few balancers take at once for a new key, and some
   * exchanges. It bounds what a clock of Redis that is set back can do.
   */
  private static long most(Limiter limiter) {
    return 4 * Math.min(limiter.mostDebt(), Long.MAX_VALUE / 16) + 2_000_000_000L;
  }

  /**
   * Redis has answered.
   *
   * @param debts its time, then the debt of each key to all, in microseconds
   * @param nanos now
   */
  void answered(DebtBatch batch, List<Long> debts, long nanos) {
    setClock(debts.getFirst(), nanos);
    for (int i = 0; i < batch.entries().size(); i++) {
      DebtBatch.Entry entry = batch.entries().get(i);
      Limiter limiter = entry.limit().limiter();
      long debt = debts.get(i + 1) * MICRO;
      boolean paid = limiter.untilPaid(entry.key(), nanos) == 0;
      long more = paid ? batch.nanos() + debt - nanos : debt - entry.owed();
      if (more > 0) {
        limiter.owe(entry.key(), more, nanos);
      }
    }
  }

  /**
   * Redis told its time.
   *
   * @param nanos now
   */
  void setClock(long redisMicros, long nanos) {
    clock = redisMicros - Math.floorDiv(nanos, MICRO);
  }

  /** Nobody knows whether these arrived, and it will be a while until others can. */
  void lost(List<DebtBatch> batches) {
    pending.replaceAll((taken, times) -> new Times(0, times.since()));
    for (DebtBatch batch : batches) {
      for (DebtBatch.Entry entry : batch.entries()) {
        if (pending.size() < MOST_KEYS) {
          pending.putIfAbsent(
              new Taken(entry.limit().limiter().number(), entry.key()),
              new Times(0, entry.since()));
        } else {
          dropped++;
        }
      }
    }
  }

  /** Keys have other fingerprints from now on. */
  void forget() {
    pending.clear();
  }

  /** How much was not told for want of room. */
  long dropped() {
    return dropped + sharing.dropped();
  }
}
