package io.weir.firewall.ban;

/**
 * Hears of every ban that begins, changes or is ended here, so that it can be the same elsewhere;
 * on whichever thread wrote it, so it must not wait.
 */
@FunctionalInterface
public interface BanFollower {
  /** A change. */
  void onChange(BanChange change);
}
