package io.weir.firewall.ban;

import io.weir.firewall.address.ClientAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.function.IntConsumer;

/**
 * What is known of single clients' bans, each a word; read by everybody, written by one thread at a
 * time.
 */
final class ClientBans {
  /*
   * A ban is one word: until when, how often in a row, why. 44 bits of milliseconds last for five
   * centuries; being the upper ones, they order bans by their ends. When a ban was made is asked only
   * where another change of it is heard of, and is kept apart.
   *
   *   63..20  until      19..12  times      11..0  reason
   *
   * A ban that ended is remembered for a day, so that the next one of that client can be longer. When
   * there is no room, the one of those that ended which did so first is forgotten. Where all hold,
   * the one that ends first makes room, of the family that has more: whoever has many addresses of
   * one family cannot take the half of the other one.
   */
  static final int REASON_BITS = 12;
  static final int MOST_TIMES = 255;
  static final long REMEMBERED = Duration.ofDays(1).toMillis();

  private static final int SEGMENT_BITS = 9;
  private static final int UNTIL_SHIFT = 20;
  private static final long NOBODY = 0; // the number behind ffff:ffff:ffff:ffff::/64, a multicast

  private static final int OF_FAMILY = 1 << SEGMENT_BITS;

  private final BanSegment[] segments = segments(); // those of IPv4, then those of IPv6
  private final int most;
  private final long secret;

  // The writer's.
  private final Soonest soonest = new Soonest(segments);
  private final long[] counted = new long[segments.length]; // until when
  private int knownV4; // clients of whom something is known
  private int knownV6;

  /** Sees clients and their words. */
  @FunctionalInterface
  interface Visitor {
    void visit(ClientAddress client, long word, long from);
  }

  ClientBans(int most, long secret) {
    this.most = most;
    this.secret = secret | 1;
  }

  private static BanSegment[] segments() {
    BanSegment[] segments = new BanSegment[2 * OF_FAMILY];
    for (int i = 0; i < segments.length; i++) {
      segments[i] = new BanSegment();
    }
    return segments;
  }

  static long word(long untilMillis, int times, int reason) {
    return (untilMillis << UNTIL_SHIFT)
        | ((long) Math.min(times, MOST_TIMES) << REASON_BITS)
        | reason;
  }

  static long until(long word) {
    return word >>> UNTIL_SHIFT;
  }

  static int times(long word) {
    return (int) (word >>> REASON_BITS) & MOST_TIMES;
  }

  static int reason(long word) {
    return (int) word & ((1 << REASON_BITS) - 1);
  }

  /** What is known of a client, or 0. */
  long find(ClientAddress client) {
    long key = key(client);
    long hash = hash(key);
    return segments[part(client, hash)].find(key, (int) hash);
  }

  /** When the ban that is known of a client was made; -1 if none is. */
  long from(ClientAddress client) {
    long key = key(client);
    long hash = hash(key);
    return segments[part(client, hash)].from(key, (int) hash);
  }

  /**
   * Sets what is known of a client; the word of a ban that is ended by that and was not counted
   * yet, or 0: one of another client that made room, the client's own that ended by time, or its
   * own that by the word has ended before the last count. The writer.
   */
  long put(ClientAddress client, long word, long from, long now) {
    long key = key(client);
    if (key == NOBODY) {
      return 0;
    }
    long hash = hash(key);
    int part = part(client, hash);
    BanSegment segment = segments[part];
    long ended = segment.find(key, (int) hash);
    if (ended == 0) {
      ended = makeRoom(client.isV6(), now);
      count(part, 1);
    } else if (until(ended) <= counted[part]
        || (until(ended) > now && until(word) > counted[part])) {
      ended = 0; // counted, or the same ban, changed: its end is still to be counted
    }
    segment.put(key, (int) hash, word, from, this::placeHash);
    soonest.added(part, word);
    return ended;
  }

  private void count(int part, int more) {
    if (part < OF_FAMILY) {
      knownV4 += more;
    } else {
      knownV6 += more;
    }
  }

  /** Forgets one if need be, for a client of a family; its word if it was not counted, or 0. */
  private long makeRoom(boolean isV6, long now) {
    if (knownV4 + knownV6 < most) {
      return 0;
    }
    boolean found = soonest.find(0, segments.length, word(now + 1, 0, 0));
    if (!found) {
      boolean isFromV6 = isV6 ? knownV6 >= knownV4 : knownV6 > knownV4;
      int from = isFromV6 ? OF_FAMILY : 0;
      found = soonest.find(from, from + OF_FAMILY, Long.MAX_VALUE);
    }
    if (!found) {
      return 0;
    }
    int part = soonest.part();
    long word = soonest.take();
    count(part, -1);
    return until(word) > counted[part] ? word : 0;
  }

  /**
   * Forgets a client; the word of its ban if that has ended by time and was not counted yet, or 0.
   * The writer.
   */
  long remove(ClientAddress client, long now) {
    long key = key(client);
    long hash = hash(key);
    int part = part(client, hash);
    BanSegment segment = segments[part];
    long before = segment.find(key, (int) hash);
    if (before != 0) {
      segment.put(key, (int) hash, 0, 0, this::placeHash);
      count(part, -1);
    }
    return until(before) > counted[part] && until(before) <= now ? before : 0;
  }

  /** Shows the clients whose bans end after a time, in no order. */
  void forEach(long afterMillis, Visitor visitor) {
    for (int part = 0; part < segments.length; part++) {
      forEachOf(part, afterMillis, visitor);
    }
  }

  /** As {@link #forEach}, of one part. */
  void forEachOf(int part, long after, Visitor visitor) {
    boolean isV6 = part >= OF_FAMILY;
    long[] pairs = segments[part].pairs();
    int end = BanSegment.end(pairs);
    for (int at = 0; at < end; at += 2) {
      long word = pairs[at + 1];
      if (pairs[at] != 0 && until(word) > after) {
        long number = pairs[at] - 1;
        visitor.visit(
            isV6 ? ClientAddress.v6(number, 0) : ClientAddress.v4((int) number),
            word,
            BanSegment.from(pairs, at));
      }
    }
  }

  int count(long epochMillis) {
    int count = 0;
    for (BanSegment segment : segments) {
      long[] pairs = segment.pairs();
      int end = BanSegment.end(pairs);
      for (int at = 0; at < end; at += 2) {
        count += pairs[at] != 0 && until(pairs[at + 1]) > epochMillis ? 1 : 0;
      }
    }
    return count;
  }

  /** How many hold for each reason, by its number. */
  int[] countByReason(long epochMillis) {
    int[] counts = new int[1 << REASON_BITS];
    for (BanSegment segment : segments) {
      long[] pairs = segment.pairs();
      int end = BanSegment.end(pairs);
      for (int at = 0; at < end; at += 2) {
        long word = pairs[at + 1];
        if (pairs[at] != 0 && until(word) > epochMillis) {
          counts[reason(word)]++;
        }
      }
    }
    return counts;
  }

  /** In how many parts it is swept. */
  int parts() {
    return segments.length;
  }

  /** Lets all that ended before a time count as counted. The writer. */
  void countedUntil(long epochMillis) {
    Arrays.fill(counted, epochMillis);
  }

  /**
   * Forgets those of a part whose bans ended a day ago. The writer.
   *
   * @param ended takes the reason of each ban that ended since the last time
   * @param kept takes the reason of each ban that is not forgotten
   */
  void sweep(int part, long now, IntConsumer ended, IntConsumer kept) {
    BanSegment segment = segments[part];
    long[] pairs = segment.pairs();
    int live = 0;
    soonest.begin(part);
    int end = BanSegment.end(pairs);
    for (int at = 0; at < end; at += 2) {
      long word = pairs[at + 1];
      if (word == 0) {
        continue;
      }
      if (until(word) > counted[part] && until(word) <= now) {
        ended.accept(reason(word));
      }
      if (until(word) + REMEMBERED <= now) {
        segment.forget(at);
        count(part, -1);
      } else {
        live++;
        soonest.added(part, word);
        kept.accept(reason(word));
      }
    }
    counted[part] = now;
    if (segment.used() > live + live / 4) {
      segment.rebuild(this::placeHash);
    }
  }

  private static long key(ClientAddress client) {
    return (client.isV6() ? client.network64() : client.low()) + 1;
  }

  private static int part(ClientAddress client, long hash) {
    int place = (int) (hash >>> (Long.SIZE - SEGMENT_BITS));
    return client.isV6() ? OF_FAMILY + place : place;
  }

  private int placeHash(long key) {
    return (int) hash(key);
  }

  /** Mixes with a secret: clients cannot choose addresses that share a segment. */
  private long hash(long key) {
    long mixed = (key ^ secret) * 0x9e37_79b9_7f4a_7c15L;
    mixed = (mixed ^ (mixed >>> 32)) * secret;
    return mixed ^ (mixed >>> 29);
  }
}
