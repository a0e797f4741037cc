package io.weir.firewall.ban;

import io.weir.firewall.address.ClientAddress;

/**
 * An address that is refused until a time.
 *
 * @param client its address; of IPv6 the first one of its /64
 * @param untilMillis when it ends, since the epoch
 * @param times how often in a row it was banned, this one included; at least 1
 * @param reason why: the name of a rule, or what an operator said
 */
public record Ban(ClientAddress client, long untilMillis, int times, String reason) {
  /** Whether it is in force. */
  public boolean holds(long epochMillis) {
    return untilMillis > epochMillis;
  }
}
