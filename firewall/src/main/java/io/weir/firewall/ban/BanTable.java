package io.weir.firewall.ban;

import io.weir.firewall.address.ClientAddress;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The addresses that are banned, each until a time; shared by all workers and by all generations of
 * the configuration. Asking takes no lock and allocates nothing.
 *
 * <p>Times are milliseconds since the epoch, so that bans outlive a restart. A client of IPv6 is
 * its /64.
 */
public final class BanTable {
  /*
   * A ban is one word: until when, how often in a row, why. 44 bits of milliseconds last for five
   * centuries; being the upper ones, they order bans by their ends.
   *
   *   63..20  until      19..12  times      11..0  reason
   *
   * A ban that ended is remembered for a day, so that the next one of that client can be longer. When
   * there is no room, the ban of the same segment that ends first makes room: all segments are
   * equally full, since a client's is chosen by a hash with a secret.
   */
  private static final int SEGMENT_BITS = 9;
  private static final int TIMES_SHIFT = 12;
  private static final int UNTIL_SHIFT = 20;
  private static final int MOST_TIMES = 255;
  private static final long NOBODY = 0; // the number behind ffff:ffff:ffff:ffff::/64, a multicast
  private static final long REMEMBERED = Duration.ofDays(1).toMillis();
  private static final long LONGEST = Duration.ofDays(36_500).toMillis();

  private final BanSegment[] v4 = segments();
  private final BanSegment[] v6 = segments();
  private final int most;
  private final long secret;
  private final Reasons reasons = new Reasons();
  private final AtomicInteger known = new AtomicInteger(); // clients of whom something is known
  private final LongAdder added = new LongAdder();
  private final LongAdder expired = new LongAdder();
  private volatile boolean used;

  /**
   * No bans.
   *
   * @param most how many there can be: 24 to 48 bytes each
   * @param random for the secret of the hash; must not be predictable
   */
  public BanTable(int most, RandomGenerator random) {
    this.most = most;
    secret = random.nextLong() | 1;
  }

  private static BanSegment[] segments() {
    BanSegment[] segments = new BanSegment[1 << SEGMENT_BITS];
    for (int i = 0; i < segments.length; i++) {
      segments[i] = new BanSegment();
    }
    return segments;
  }

  /** Whether a client is banned now. */
  public boolean isBanned(ClientAddress client, long epochMillis) {
    return used && word(client) >>> UNTIL_SHIFT > epochMillis;
  }

  /** A client's ban, if it holds now. */
  public @Nullable Ban find(ClientAddress client, long epochMillis) {
    Ban ban = ban(client, word(client));
    return ban.holds(epochMillis) ? ban : null;
  }

  /** How often in a row a client was banned, today or not long ago. */
  public int timesBanned(ClientAddress client, long epochMillis) {
    Ban ban = ban(client, word(client));
    return ban.untilMillis() + REMEMBERED > epochMillis ? ban.times() : 0;
  }

  /** Bans a client, or prolongs its ban; never shortens one. */
  public Ban add(ClientAddress client, Duration time, String reason, long epochMillis) {
    long until = epochMillis + Math.min(time.toMillis(), LONGEST);
    return put(client, until, timesBanned(client, epochMillis) + 1, reason, epochMillis);
  }

  /** Bans a client as it once was, from a file. */
  public void restore(Ban ban, long epochMillis) {
    if (ban.holds(epochMillis)) {
      put(ban.client(), ban.untilMillis(), ban.times(), ban.reason(), epochMillis);
    }
  }

  private Ban put(ClientAddress client, long until, int times, String reason, long now) {
    long key = key(client);
    if (key == NOBODY) {
      return ban(client, 0);
    }
    long hash = hash(key);
    BanSegment segment = segment(client, hash);
    synchronized (segment) {
      long before = segment.find(key, (int) hash);
      if (before >>> UNTIL_SHIFT >= until) {
        return ban(client, before);
      }
      if (before == 0 && known.incrementAndGet() > most) {
        makeRoom(segment, now);
      }
      long word =
          (until << UNTIL_SHIFT)
              | ((long) Math.min(times, MOST_TIMES) << TIMES_SHIFT)
              | reasons.number(reason);
      segment.put(key, (int) hash, word, client1 -> (int) hash(client1));
      used = true;
      if (before >>> UNTIL_SHIFT <= now) {
        added.increment();
      }
      return ban(client, word);
    }
  }

  private void makeRoom(BanSegment segment, long now) {
    int first = segment.first();
    if (first >= 0) {
      long gone = segment.forget(first);
      known.decrementAndGet();
      if (gone >>> UNTIL_SHIFT > now) {
        expired.increment();
      }
    }
  }

  /** Ends a client's ban; false if there was none. It is as if it never had been. */
  public boolean remove(ClientAddress client, long epochMillis) {
    long key = key(client);
    long hash = hash(key);
    BanSegment segment = segment(client, hash);
    synchronized (segment) {
      long before = segment.find(key, (int) hash);
      if (before == 0) {
        return false;
      }
      segment.put(key, (int) hash, 0, client1 -> (int) hash(client1));
      known.decrementAndGet();
      return before >>> UNTIL_SHIFT > epochMillis;
    }
  }

  /** Shows the bans that hold now, in no order; others may be added and removed meanwhile. */
  public void forEach(long epochMillis, Consumer<Ban> consumer) {
    for (BanSegment segment : v4) {
      show(segment.pairs(), false, epochMillis, consumer);
    }
    for (BanSegment segment : v6) {
      show(segment.pairs(), true, epochMillis, consumer);
    }
  }

  private void show(long[] pairs, boolean isV6, long now, Consumer<Ban> consumer) {
    for (int at = 0; at < pairs.length; at += 2) {
      if (pairs[at] != 0 && pairs[at + 1] >>> UNTIL_SHIFT > now) {
        long number = pairs[at] - 1;
        ClientAddress client = isV6 ? ClientAddress.v6(number, 0) : ClientAddress.v4((int) number);
        consumer.accept(ban(client, pairs[at + 1]));
      }
    }
  }

  /**
   * Forgets the bans that ended a day ago, and counts those that ended since the last time; for the
   * control thread, every few seconds.
   *
   * @param sinceMillis when this was called last
   */
  public void sweep(long sinceMillis, long epochMillis) {
    for (BanSegment[] segments : new BanSegment[][] {v4, v6}) {
      for (BanSegment segment : segments) {
        synchronized (segment) {
          sweep(segment, sinceMillis, epochMillis);
        }
      }
    }
  }

  private void sweep(BanSegment segment, long since, long now) {
    long[] pairs = segment.pairs();
    boolean forgotten = false;
    for (int at = 0; at < pairs.length; at += 2) {
      long until = pairs[at + 1] >>> UNTIL_SHIFT;
      if (until == 0) {
        continue;
      }
      if (until > since && until <= now) {
        expired.increment();
      }
      if (until + REMEMBERED <= now) {
        segment.forget(at);
        known.decrementAndGet();
        forgotten = true;
      }
    }
    if (forgotten) {
      segment.rebuild(client -> (int) hash(client));
    }
  }

  /** How many bans hold now; looks at all of them, so not for a worker. */
  public int count(long epochMillis) {
    int[] count = {0};
    forEach(epochMillis, ban -> count[0]++);
    return count[0];
  }

  /** How many bans there were since the start. */
  public long added() {
    return added.sum();
  }

  /** How many of them ended by time, or made room for others. */
  public long expired() {
    return expired.sum();
  }

  private Ban ban(ClientAddress client, long word) {
    ClientAddress of = client.isV6() ? ClientAddress.v6(client.network64(), 0) : client;
    int times = (int) (word >>> TIMES_SHIFT) & MOST_TIMES;
    int reason = (int) word & ((1 << TIMES_SHIFT) - 1);
    return new Ban(of, word >>> UNTIL_SHIFT, times, reasons.text(reason));
  }

  private long word(ClientAddress client) {
    long key = key(client);
    long hash = hash(key);
    return segment(client, hash).find(key, (int) hash);
  }

  private static long key(ClientAddress client) {
    return (client.isV6() ? client.network64() : client.low()) + 1;
  }

  private BanSegment segment(ClientAddress client, long hash) {
    return (client.isV6() ? v6 : v4)[(int) (hash >>> (Long.SIZE - SEGMENT_BITS))];
  }

  /** Mixes with a secret: clients cannot choose addresses that share a segment. */
  private long hash(long key) {
    long mixed = (key ^ secret) * 0x9e37_79b9_7f4a_7c15L;
    mixed = (mixed ^ (mixed >>> 32)) * (secret | 1);
    return mixed ^ (mixed >>> 29);
  }
}
