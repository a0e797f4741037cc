package io.weir.daemon.config;

import org.jspecify.annotations.Nullable;

/**
 * Where balancers have their limits and bans in common.
 *
 * @param user whose password it is; null for the default user
 * @param password null if none is wanted
 * @param authority the PEM text of whom its certificate must be from; null for the usual ones
 * @param prefix of all its keys: balancers with the same one share
 */
public record SharedStateConfig(
    RedisAddress redis,
    @Nullable String user,
    @Nullable String password,
    @Nullable String authority,
    String prefix) {

  public SharedStateConfig {
    if (!prefix.matches("[A-Za-z0-9._-]{1,64}")) {
      throw new IllegalArgumentException(
          "prefix: \"" + prefix + "\" (expected: up to 64 letters, digits, . _ -)");
    }
  }

  /** Without secrets. */
  @Override
  public String toString() {
    return redis + " " + prefix;
  }
}
