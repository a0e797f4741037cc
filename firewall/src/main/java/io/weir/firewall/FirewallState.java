package io.weir.firewall;

import io.weir.firewall.ban.BanTable;
import io.weir.firewall.share.Sharing;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * What is there before the first configuration, and outlives each.
 *
 * @param bans in which rules ban
 * @param sharing to which limits say what they took; null: to nobody
 */
public record FirewallState(BanTable bans, @Nullable Sharing sharing) {
  /** Nobody is banned, and limits are this process's own. */
  public static FirewallState empty(RandomGenerator random) {
    return new FirewallState(new BanTable(random), null);
  }
}
