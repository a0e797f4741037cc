package io.weir.daemon.shared;

import io.weir.firewall.address.Cidr;
import io.weir.firewall.ban.Ban;
import io.weir.firewall.ban.BanChange;
import io.weir.firewall.ban.BanFollower;
import io.weir.firewall.ban.BanLines;
import io.weir.firewall.ban.BanTable;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Tells others of the bans that begin and end here, and bans whom they ban; one thread, but for
 * {@link #onChange}.
 */
final class BanExchange implements BanFollower {
  /*
   * Redis has a key for each ban, which expires with it, and a stream of changes. Whoever comes reads
   * all keys and then follows the stream, its own changes included. A ban that was ended leaves a
   * mark for a day, so that a balancer that was away, or has it in a file, does not bring it back.
   *
   * Each ban and each mark has the time when it was made, and of what is said of the same addresses
   * the latest holds, whoever hears it in which order: a mark ends what was made before it and no ban
   * that is newer. Redis keeps what is later, and who tells it something older hears that again.
   *
   * These are times of the balancers, whose clocks differ. Who ends or replaces a ban that it knows
   * of does so after it, whatever the clocks say, so what an operator sees he can end. What remains
   * is a ban by one who has not the ended one any more: made within as much as its clock is behind
   * that of the balancer which ended it, it counts as ended, too, and the client goes on until it
   * deserves the next one.
   */
  static final int MOST_WAITING = 1 << 16;

  private static final long MARK_MILLIS = 86_400_000;

  /** A change of a ban, as Redis knows it: its key, what there is to know, and for how long. */
  record Change(BanChange of) {
    String key() {
      return "ban:" + of.clients();
    }

    /** What it is, when it was made, in milliseconds, and the rest, which no script reads. */
    String value() {
      Ban ban = of.ban();
      return ban == null
          ? "-" + of.atMillis() + " " + of.clients()
          : "+" + of.atMillis() + " " + BanLines.write(ban);
    }

    long millis(long now) {
      Ban ban = of.ban();
      return ban == null ? MARK_MILLIS : Math.max(ban.untilMillis() - now, 1);
    }
  }

  private final BanTable bans;
  private final ConcurrentLinkedQueue<Change> changes = new ConcurrentLinkedQueue<>();
  private final AtomicInteger waiting = new AtomicInteger();
  private final LongAdder dropped = new LongAdder();
  private final Map<Cidr, Change> pending = new LinkedHashMap<>();

  BanExchange(BanTable bans) {
    this.bans = bans;
  }

  @Override
  public void onChange(BanChange change) {
    if (waiting.incrementAndGet() > MOST_WAITING) {
      waiting.decrementAndGet();
      dropped.increment();
    } else {
      changes.add(new Change(change));
    }
  }

  /** Fetches what has changed since the last time. */
  void collect() {
    for (Change next = changes.poll(); next != null; next = changes.poll()) {
      waiting.decrementAndGet();
      pending.remove(next.of().clients()); // the last word counts, and comes last
      if (pending.size() < MOST_WAITING) {
        pending.put(next.of().clients(), next);
      } else {
        dropped.increment();
      }
    }
  }

  boolean isEmpty() {
    return pending.isEmpty();
  }

  /** What Redis is to be told now, so many changes at most; the rest waits. */
  List<Change> next(int most) {
    List<Change> next = new ArrayList<>();
    Iterator<Change> oldest = pending.values().iterator();
    while (oldest.hasNext() && next.size() < most) {
      next.add(oldest.next());
      oldest.remove();
    }
    return next;
  }

  /** Nobody knows whether these arrived. */
  void lost(List<Change> told) {
    for (Change change : told) {
      if (pending.size() < MOST_WAITING) {
        pending.putIfAbsent(change.of().clients(), change);
      } else {
        dropped.increment();
      }
    }
  }

  /** Others, or we ourselves, said this of bans, in this order. */
  void heard(List<String> values, long epochMillis) {
    List<BanChange> news = new ArrayList<>();
    for (String value : values) {
      BanChange change = read(value);
      if (change != null && !pending.containsKey(change.clients())) {
        news.add(change);
      }
    }
    if (!news.isEmpty()) {
      bans.adoptAll(news, epochMillis);
    }
  }

  private static @Nullable BanChange read(String value) {
    int space = value.indexOf(' ');
    if (space < 0) {
      return null;
    }
    String rest = value.substring(space + 1);
    try {
      if (value.startsWith("+")) {
        Ban ban = BanLines.read(rest);
        return ban == null ? null : BanChange.made(ban);
      }
      return value.startsWith("-")
          ? BanChange.ended(Cidr.parse(rest), Long.parseLong(value, 1, space, 10))
          : null;
    } catch (IllegalArgumentException notOurs) {
      return null;
    }
  }

  /** All bans that hold. */
  BanWalk walk() {
    return new BanWalk(bans);
  }

  /** How many changes were not told for want of room. */
  long dropped() {
    return dropped.sum();
  }
}
