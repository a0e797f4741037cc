package io.weir.firewall.config;

/**
 * What follows when a limit refuses the same key again and again.
 *
 * @param time for how long its client is banned; refusals count together within the first of them
 * @param after the refusal that bans, from 1 to 255
 */
public record BanAfter(BanTime time, int after) {
  public BanAfter {
    Checks.check(after >= 1 && after <= 255, "after", after, "1 to 255");
  }
}
