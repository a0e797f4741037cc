package io.weir.firewall.ban;

/**
 * How many bans began and ended.
 *
 * @param added bans of clients and prefixes that were not banned before
 * @param expired bans that ended by time, or made room for others
 */
public record BanTurnover(long added, long expired) {
  BanTurnover plus(BanTurnover more) {
    return new BanTurnover(added + more.added, expired + more.expired);
  }
}
