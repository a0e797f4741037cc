package io.weir.firewall.ban;

import io.weir.firewall.address.Cidr;
import org.jspecify.annotations.Nullable;

/**
 * Hears of every ban that begins, changes or is ended here, so that it can be the same elsewhere;
 * on whichever thread wrote it, so it must not wait.
 */
@FunctionalInterface
public interface BanFollower {
  /**
   * A change.
   *
   * @param ban what holds now; null if it was ended
   */
  void onChange(Cidr clients, @Nullable Ban ban);
}
