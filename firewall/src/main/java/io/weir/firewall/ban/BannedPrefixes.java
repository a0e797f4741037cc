package io.weir.firewall.ban;

import io.weir.firewall.address.Cidr;
import io.weir.firewall.address.ClientAddress;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The prefixes of a {@link BanTable} that are banned: few, named by operators. Asked by any thread,
 * changed by the writer of the table alone.
 */
final class BannedPrefixes {
  /** Operators name them, one by one: each new one compiles all of them anew, some milliseconds. */
  private static final int MOST = 10_000;

  private final Turnover turnover;
  private volatile PrefixBans bans = PrefixBans.NONE;

  /** None, whose beginnings and ends are counted there. */
  BannedPrefixes(Turnover turnover) {
    this.turnover = turnover;
  }

  boolean isEmpty() {
    return bans.all().isEmpty();
  }

  boolean isBanned(ClientAddress client, long now) {
    return bans.isBanned(client, now);
  }

  /** The ban of the narrowest prefix with the client that holds now. */
  @Nullable Ban find(ClientAddress client, long now) {
    return bans.find(client, now);
  }

  /** The ban of exactly this prefix. */
  @Nullable Ban of(Cidr prefix) {
    return bans.of(prefix);
  }

  Collection<Ban> holding(long now) {
    return bans.holding(now).all();
  }

  /** Adds one, in the place of that of the same prefix; null if there are too many. */
  @Nullable Ban add(Ban ban, long now) {
    sweep(now);
    boolean isNew = bans.of(ban.clients()) == null;
    if (isNew && bans.all().size() >= MOST) {
      return null;
    }
    bans = bans.with(List.of(ban));
    if (isNew) {
      turnover.added(ban.reason());
    }
    return ban;
  }

  /** Ends the ban of exactly this prefix; false if there is none that holds. */
  boolean remove(Cidr prefix, long now) {
    sweep(now);
    boolean held = bans.of(prefix) != null;
    bans = bans.without(prefix);
    return held;
  }

  /**
   * Makes changes as somebody else made them; all together, since any compiles all of them anew.
   *
   * @param latest when each ends at the latest
   * @param begun hears of each ban of a prefix that had none
   * @return whether anything changed
   */
  boolean adopt(List<BanChange> news, long now, long latest, Consumer<Ban> begun) {
    sweep(now);
    Map<Cidr, Ban> all = bans.byPrefix();
    boolean changed = false;
    for (BanChange change : news) {
      Ban ban = change.ban();
      Ban known = all.get(change.clients());
      if (ban != null) {
        changed |= adopt(ban, all, now, latest, begun);
      } else if (known != null && known.fromMillis() < change.atMillis()) {
        all.remove(change.clients());
        changed = true;
      }
    }
    if (changed) {
      bans = PrefixBans.of(all.values());
    }
    return changed;
  }

  private boolean adopt(Ban ban, Map<Cidr, Ban> all, long now, long latest, Consumer<Ban> begun) {
    long until = Math.min(ban.untilMillis(), latest);
    Ban adopted =
        new Ban(ban.clients(), ban.fromMillis(), until, 1, BanReasons.oneLine(ban.reason()));
    Ban known = all.get(ban.clients());
    if (known != null && ban.fromMillis() < known.fromMillis()) {
      return false;
    }
    if (!adopted.holds(now)) {
      return end(all.remove(ban.clients()));
    }
    if (adopted.equals(known) || (known == null && all.size() >= MOST)) {
      return false;
    }
    all.put(adopted.clients(), adopted);
    if (known == null) {
      turnover.added(adopted.reason());
      begun.accept(adopted);
    }
    return true;
  }

  private boolean end(@Nullable Ban held) {
    if (held == null) {
      return false;
    }
    turnover.expired(held.reason());
    return true;
  }

  /** As once before. */
  void restore(List<Ban> all, long now) {
    bans = bans.with(all).holding(now);
  }

  /** Forgets those that have ended. */
  void sweep(long now) {
    for (Ban ban : bans.all()) {
      if (!ban.holds(now)) {
        turnover.expired(ban.reason());
      }
    }
    bans = bans.holding(now);
  }
}
