package io.weir.firewall.ban;

import io.weir.firewall.address.Cidr;

/**
 * Addresses that are refused until a time.
 *
 * @param clients one address, of IPv6 its /64, or a wider prefix that an operator named
 * @param fromMillis when it was made, since the epoch; 0 if nobody knows
 * @param untilMillis when it ends, since the epoch
 * @param times how often in a row they were banned, this one included; 1 to 255
 * @param reason why: the name of a rule, or what an operator said
 */
public record Ban(Cidr clients, long fromMillis, long untilMillis, int times, String reason) {
  /** Whether it is in force. */
  public boolean holds(long epochMillis) {
    return untilMillis > epochMillis;
  }
}
