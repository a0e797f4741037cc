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
import java.util.Optional;
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
   * all keys and then follows the stream, its own changes included: as all see the same order, all
   * end with the same bans. A ban that was ended leaves a mark for a day, so that a balancer that
   * was away, or has it in a file, does not bring it back.
   */
  static final int MOST_WAITING = 1 << 16;

  private static final long MARK_MILLIS = 86_400_000;

  /** A change of a ban, as Redis knows it: its key, what there is to know, and for how long. */
  record Change(Cidr clients, @Nullable Ban ban) {
    String key() {
      return "ban:" + clients;
    }

    String value() {
      return ban == null ? "-" + clients : "+" + BanLines.write(ban);
    }

    long millis(long now) {
      return ban == null ? MARK_MILLIS : Math.max(ban.untilMillis() - now, 1);
    }
  }

  private final BanTable bans;
  private final ConcurrentLinkedQueue<Change> changes = new ConcurrentLinkedQueue<>();
  private final AtomicInteger waiting = new AtomicInteger();
  private final LongAdder dropped = new LongAdder();
  private final Map<Cidr, Optional<Ban>> pending = new LinkedHashMap<>();

  BanExchange(BanTable bans) {
    this.bans = bans;
  }

  @Override
  public void onChange(Cidr clients, @Nullable Ban ban) {
    if (waiting.incrementAndGet() > MOST_WAITING) {
      waiting.decrementAndGet();
      dropped.increment();
    } else {
      changes.add(new Change(clients, ban));
    }
  }

  /** Fetches what has changed since the last time. */
  void collect() {
    for (Change next = changes.poll(); next != null; next = changes.poll()) {
      waiting.decrementAndGet();
      pending.remove(next.clients()); // the last word counts, and comes last
      if (pending.size() < MOST_WAITING) {
        pending.put(next.clients(), Optional.ofNullable(next.ban()));
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
    Iterator<Map.Entry<Cidr, Optional<Ban>>> oldest = pending.entrySet().iterator();
    while (oldest.hasNext() && next.size() < most) {
      Map.Entry<Cidr, Optional<Ban>> entry = oldest.next();
      oldest.remove();
      next.add(new Change(entry.getKey(), entry.getValue().orElse(null)));
    }
    return next;
  }

  /** Nobody knows whether these arrived. */
  void lost(List<Change> told) {
    for (Change change : told) {
      if (pending.size() < MOST_WAITING) {
        pending.putIfAbsent(change.clients(), Optional.ofNullable(change.ban()));
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
    String rest = value.isEmpty() ? "" : value.substring(1);
    if (value.startsWith("+")) {
      Ban ban = BanLines.read(rest);
      return ban == null ? null : new BanChange(ban.clients(), ban);
    }
    Cidr clients = value.startsWith("-") ? clients(rest) : null;
    return clients == null ? null : new BanChange(clients, null);
  }

  private static @Nullable Cidr clients(String text) {
    try {
      return Cidr.parse(text);
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
