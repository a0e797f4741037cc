package io.weir.firewall.ban;

import io.weir.firewall.address.Cidr;
import org.jspecify.annotations.Nullable;

/**
 * A change of the bans: one was made, or ended before its time.
 *
 * @param clients whom it concerns
 * @param atMillis when, since the epoch
 * @param ban null: theirs was ended, if it was made before that
 */
public record BanChange(Cidr clients, long atMillis, @Nullable Ban ban) {
  /** A ban was made. */
  public static BanChange made(Ban ban) {
    return new BanChange(ban.clients(), ban.fromMillis(), ban);
  }

  /** What was made before a time is ended. */
  public static BanChange ended(Cidr clients, long atMillis) {
    return new BanChange(clients, atMillis, null);
  }
}
