package io.weir.firewall.ban;

/** Hears of bans as they begin; on whichever thread wrote it, so it must not wait. */
@FunctionalInterface
public interface BanListener {
  /** A rule banned a client. */
  void onBan(Ban ban);

  /** Somebody else banned a client or a prefix that was not banned here. */
  default void onAdopted(Ban ban) {}
}
