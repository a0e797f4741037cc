package io.weir.firewall.ban;

import io.weir.firewall.address.Cidr;
import io.weir.firewall.address.ClientAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The addresses that are banned, each until a time; shared by all workers and by all generations of
 * the configuration. Asking takes no lock and allocates nothing, and banning waits for nobody.
 *
 * <p>Times are milliseconds since the epoch, so that bans outlive a restart. A client of IPv6 is
 * its /64. What is not for workers may wait until another thread has written.
 */
public final class BanTable {
  /** So many clients, up to 72 MiB when there are as many. */
  private static final int MOST_CLIENTS = 1 << 20;

  private static final long LONGEST = Duration.ofDays(36_500).toMillis();

  private final ClientBans clients;
  private final BanReasons reasons = new BanReasons();
  private final OneWriter writer = new OneWriter();
  private final AtomicLong changes = new AtomicLong();
  private final Turnover turnover = new Turnover(); // the writer's
  private final BannedPrefixes prefixes = new BannedPrefixes(turnover);
  private final List<BanListener> listeners = new CopyOnWriteArrayList<>();
  private final List<BanFollower> followers = new CopyOnWriteArrayList<>();
  private volatile boolean used;

  /**
   * No bans.
   *
   * @param most how many clients can be banned: 36 to 72 bytes each
   * @param random for the secret of the hash; must not be predictable
   */
  public BanTable(int most, RandomGenerator random) {
    clients = new ClientBans(most, random.nextLong());
  }

  /** No bans, and room for a million. */
  public BanTable(RandomGenerator random) {
    this(MOST_CLIENTS, random);
  }

  /** Has bans that rules make, or others made, told to somebody, too. */
  public void tell(BanListener whom) {
    listeners.add(whom);
  }

  /** Has every change that is made here told to somebody, too. */
  public void followedBy(BanFollower whom) {
    followers.add(whom);
  }

  /* Asking; any thread. */

  /** Whether a client is banned now. */
  public boolean isBanned(ClientAddress client, long epochMillis) {
    return used
        && (ClientBans.until(clients.find(client)) > epochMillis
            || prefixes.isBanned(client, epochMillis));
  }

  /** A ban of a client that holds now: its own, else that of the narrowest prefix. */
  public @Nullable Ban find(ClientAddress client, long epochMillis) {
    long word = clients.find(client);
    return ClientBans.until(word) > epochMillis
        ? ban(client, word, clients.from(client))
        : prefixes.find(client, epochMillis);
  }

  /** How often in a row a client was banned, today or not long ago. */
  public int timesBanned(ClientAddress client, long epochMillis) {
    long word = clients.find(client);
    return ClientBans.until(word) + ClientBans.REMEMBERED > epochMillis
        ? ClientBans.times(word)
        : 0;
  }

  /** Shows the bans that hold now, in no order; others may be added and removed meanwhile. */
  public void forEach(long epochMillis, Consumer<Ban> consumer) {
    for (int part = 0; part < parts(); part++) {
      forEachOf(part, epochMillis, consumer);
    }
  }

  /** In how many parts {@link #forEachOf} shows all of them. */
  public int parts() {
    return clients.parts() + 1;
  }

  /** As {@link #forEach}, one part of them. */
  public void forEachOf(int part, long epochMillis, Consumer<Ban> consumer) {
    if (part == clients.parts()) {
      prefixes.holding(epochMillis).forEach(consumer);
    } else {
      clients.forEachOf(
          part, epochMillis, (client, word, from) -> consumer.accept(ban(client, word, from)));
    }
  }

  /** As {@link #forEach}, and those that ended and are remembered: what a file should keep. */
  public void forEachKnown(long epochMillis, Consumer<Ban> consumer) {
    clients.forEach(
        epochMillis - ClientBans.REMEMBERED,
        (client, word, from) -> consumer.accept(ban(client, word, from)));
    prefixes.holding(epochMillis).forEach(consumer);
  }

  /** How many bans hold now; looks at all of them, so not for a worker. */
  public int count(long epochMillis) {
    return clients.count(epochMillis) + prefixes.holding(epochMillis).size();
  }

  /** How many bans hold now for each reason; looks at all of them, so not for a worker. */
  public Map<String, Integer> countByReason(long epochMillis) {
    Map<String, Integer> counts = new HashMap<>();
    int[] byNumber = clients.countByReason(epochMillis);
    for (int number = 0; number < byNumber.length; number++) {
      if (byNumber[number] > 0) {
        counts.put(reasons.text(number), byNumber[number]);
      }
    }
    for (Ban ban : prefixes.holding(epochMillis)) {
      counts.merge(ban.reason(), 1, Integer::sum);
    }
    return counts;
  }

  /** Grows with every change, but not by time: who has seen the same number twice missed none. */
  public long changes() {
    return changes.get();
  }

  /* Writing. */

  /**
   * Bans a client, as a rule says, unless it is banned. It holds at once, or as soon as the thread
   * has written that writes now. For workers: never waits.
   */
  public void ban(ClientAddress client, Duration time, String rule, long epochMillis) {
    writer.leave(() -> banNow(client, time, rule, epochMillis));
  }

  private void banNow(ClientAddress client, Duration time, String rule, long now) {
    // Several requests of one client on several workers deserve one ban.
    if (ClientBans.until(clients.find(client)) <= now) {
      int times = timesBanned(client, now) + 1;
      long from = after(clients.from(client), now);
      Ban ban = put(client, from, now + millis(time), times, rule, now);
      turnover.added(ban.reason());
      listeners.forEach(listener -> listener.onBan(ban));
      changed(BanChange.made(ban));
    }
  }

  private Ban put(ClientAddress client, long from, long until, int times, String reason, long now) {
    long word = ClientBans.word(until, times, reasons.number(reason));
    long ended = clients.put(client, word, from, now);
    if (ended != 0) {
      turnover.expired(reason(ended));
    }
    used = true;
    changes.incrementAndGet();
    return ban(client, word, from);
  }

  /** The time of a change that somebody makes who knows of one before. */
  private static long after(long before, long now) {
    return Math.max(now, before + 1);
  }

  /**
   * Bans addresses, as an operator says, in the place of the ban that they have; of IPv6 at least a
   * /64. Null if there are too many prefixes. Not for workers.
   */
  public @Nullable Ban add(Cidr addresses, Duration time, String reason, long epochMillis) {
    long until = epochMillis + millis(time);
    return writer.<@Nullable Ban>write(() -> addNow(addresses, until, reason, epochMillis));
  }

  private @Nullable Ban addNow(Cidr addresses, long until, String reason, long now) {
    Ban ban =
        addresses.isOneClient()
            ? addClient(addresses.network(), until, reason, now)
            : addPrefix(addresses, until, reason, now);
    if (ban != null) {
      changed(BanChange.made(ban));
    }
    return ban;
  }

  private void changed(BanChange change) {
    followers.forEach(follower -> follower.onChange(change));
  }

  private Ban addClient(ClientAddress client, long until, String reason, long now) {
    long before = clients.find(client);
    boolean holds = ClientBans.until(before) > now;
    int times = holds ? ClientBans.times(before) : timesBanned(client, now) + 1;
    Ban ban = put(client, after(clients.from(client), now), until, times, reason, now);
    if (!holds) {
      turnover.added(ban.reason());
    }
    return ban;
  }

  private @Nullable Ban addPrefix(Cidr prefix, long until, String reason, long now) {
    Ban before = prefixes.of(prefix);
    long from = after(before == null ? -1 : before.fromMillis(), now);
    Ban ban = prefixes.add(new Ban(prefix, from, until, 1, BanReasons.oneLine(reason)), now);
    if (ban != null) {
      used = true;
      changes.incrementAndGet();
    }
    return ban;
  }

  /**
   * Ends the ban of exactly these addresses, as if it had never been; false if there is none that
   * holds. Not for workers.
   */
  public boolean remove(Cidr addresses, long epochMillis) {
    return writer.write(() -> {
      long from = from(addresses);
      boolean held = removeNow(addresses, epochMillis);
      if (held) {
        Cidr clients = addresses.isOneClient() ? Cidr.ofClient(addresses.network()) : addresses;
        changed(BanChange.ended(clients, after(from, epochMillis)));
      }
      return held;
    });
  }

  /** When the ban of exactly these addresses was made; -1 if none is known. */
  private long from(Cidr addresses) {
    if (addresses.isOneClient()) {
      return clients.from(addresses.network());
    }
    Ban ban = prefixes.of(addresses);
    return ban == null ? -1 : ban.fromMillis();
  }

  /**
   * Makes changes as somebody else made them, in their order: each ban in the place of that of the
   * same addresses, which one that is over ends, unless what is known here was made later. Not told
   * to anybody. Not for workers.
   */
  public void adoptAll(List<BanChange> news, long epochMillis) {
    write(() -> adoptNow(news, epochMillis));
  }

  private void adoptNow(List<BanChange> news, long now) {
    List<BanChange> wide = new ArrayList<>();
    for (BanChange change : news) {
      Ban ban = change.ban();
      if (!change.clients().isOneClient()) {
        wide.add(change);
      } else if (ban == null) {
        if (from(change.clients()) < change.atMillis()) {
          var _ = removeNow(change.clients(), now);
        }
      } else {
        adoptClient(ban, now);
      }
    }
    if (!wide.isEmpty() && prefixes.adopt(wide, now, now + LONGEST, this::tellAdopted)) {
      used = true;
      changes.incrementAndGet();
    }
  }

  private void adoptClient(Ban ban, long now) {
    ClientAddress client = ban.clients().network();
    long until = Math.min(ban.untilMillis(), now + LONGEST);
    long before = ClientBans.until(clients.find(client));
    long known = clients.from(client);
    boolean isOver = until <= now && before <= now; // one that is over ends one that is not
    boolean isKnown = before == until && known == ban.fromMillis();
    if (isOver || isKnown || ban.fromMillis() < known) {
      return;
    }
    Ban adopted = put(client, ban.fromMillis(), until, ban.times(), ban.reason(), now);
    if (before <= now) {
      turnover.added(adopted.reason());
      tellAdopted(adopted);
    }
  }

  private void tellAdopted(Ban adopted) {
    listeners.forEach(listener -> listener.onAdopted(adopted));
  }

  private boolean removeNow(Cidr addresses, long now) {
    changes.incrementAndGet();
    return addresses.isOneClient()
        ? removeClient(addresses.network(), now)
        : prefixes.remove(addresses, now);
  }

  private boolean removeClient(ClientAddress client, long now) {
    boolean held = ClientBans.until(clients.find(client)) > now;
    long ended = clients.remove(client, now);
    if (ended != 0) {
      turnover.expired(reason(ended));
    }
    return held;
  }

  /**
   * Bans as once before, from a file; leaves out what ended long ago; how many hold. Not for
   * workers.
   */
  public int restore(Iterator<Ban> bans, long epochMillis) {
    return writer.write(() -> restoreNow(bans, epochMillis));
  }

  private int restoreNow(Iterator<Ban> bans, long now) {
    List<Ban> wide = new ArrayList<>();
    while (bans.hasNext()) {
      Ban ban = bans.next();
      if (!ban.clients().isOneClient()) {
        wide.add(ban);
      } else if (ban.holds(now - ClientBans.REMEMBERED)) {
        long until = Math.min(ban.untilMillis(), now + LONGEST);
        int reason = reasons.number(ban.reason());
        long word = ClientBans.word(until, ban.times(), reason);
        clients.put(ban.clients().network(), word, ban.fromMillis(), now);
      }
    }
    clients.countedUntil(now);
    prefixes.restore(wide, now);
    used = true;
    return count(now);
  }

  /**
   * Forgets the bans that ended a day ago and the reasons that no ban has any more, and counts the
   * bans that ended since the last time; for the control loop, every few seconds.
   */
  public void sweep(long epochMillis) {
    write(reasons::beginToForget);
    for (int i = 0; i < clients.parts(); i++) {
      int part = i; // in parts, so that bans of rules hold soon
      write(() -> clients.sweep(part, epochMillis, this::countEnd, reasons::keep));
    }
    write(reasons::forgetOthers);
    if (!prefixes.isEmpty()) {
      write(() -> prefixes.sweep(epochMillis));
    }
  }

  private void write(Runnable change) {
    writer.<@Nullable Void>write(() -> {
      change.run();
      return null;
    });
  }

  private void countEnd(int reason) {
    turnover.expired(reasons.text(reason));
  }

  /** How many bans began and ended by reason since this was asked last. Not for workers. */
  public Map<String, BanTurnover> takeTurnover() {
    return writer.write(turnover::take);
  }

  private static long millis(Duration time) {
    return Math.min(time.toMillis(), LONGEST);
  }

  private Ban ban(ClientAddress client, long word, long from) {
    return new Ban(
        Cidr.ofClient(client), from, ClientBans.until(word), ClientBans.times(word), reason(word));
  }

  private String reason(long word) {
    return reasons.text(ClientBans.reason(word));
  }
}
