package io.weir.core.config;

import java.time.Duration;

/**
 * What browsers are told to remember: that this host is to be asked over https only (RFC 6797).
 *
 * @param subdomains whether that goes for every name below, too
 * @param preload whether browsers may have it built in
 */
public record HstsConfig(Duration maxAge, boolean subdomains, boolean preload) {
  public static final HstsConfig DEFAULTS = new HstsConfig(Duration.ofDays(365), false, false);

  public HstsConfig {
    Check.that(
        !maxAge.isNegative() && maxAge.compareTo(Duration.ofDays(3660)) <= 0,
        "max_age: " + Check.inWords(maxAge) + " (expected: 0s to 3660d)");
    Check.that(
        !preload || (subdomains && maxAge.compareTo(Duration.ofDays(365)) >= 0),
        "preload: true (expected: with include_subdomains: true and max_age of at least 365d)");
  }

  /** The value of the field. */
  public String value() {
    return "max-age="
        + maxAge.toSeconds()
        + (subdomains ? "; includeSubDomains" : "")
        + (preload ? "; preload" : "");
  }
}
