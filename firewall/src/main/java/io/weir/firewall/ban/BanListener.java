package io.weir.firewall.ban;

/** Hears of bans as they begin; on whichever thread wrote it, so it must not wait. */
@FunctionalInterface
public interface BanListener {
  /** A rule banned a client. */
  void onBan(Ban ban);
}
