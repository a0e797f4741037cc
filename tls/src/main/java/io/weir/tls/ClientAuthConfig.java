package io.weir.tls;

import org.jspecify.annotations.Nullable;

/**
 * Whether clients show a certificate, and whose.
 *
 * @param caPem the authorities that client certificates must come from; null only with {@link
 *     Mode#NONE}
 */
public record ClientAuthConfig(Mode mode, @Nullable String caPem) {

  /** No client is asked. */
  public static final ClientAuthConfig NONE = new ClientAuthConfig(Mode.NONE, null);

  public ClientAuthConfig {
    if ((mode == Mode.NONE) != (caPem == null)) {
      throw new IllegalArgumentException(mode + " and its authorities contradict each other");
    }
  }

  /** How much a client certificate is wanted; one that is shown must always be good. */
  public enum Mode {
    NONE,
    OPTIONAL,
    REQUIRE
  }
}
