package io.weir.daemon.service;

import java.time.Duration;
import java.time.Instant;

/**
 * The configuration that serves, and how the last attempt to load another one ended.
 *
 * @param drain how long exchanges have to end when the daemon stops
 */
record Serving(String hash, Instant loaded, Duration drain, String lastReload) {
  /** It was loaded well. */
  Serving(String hash, Instant loaded, Duration drain) {
    this(hash, loaded, drain, "ok");
  }

  Serving butFailed(String reason) {
    return new Serving(hash, loaded, drain, reason);
  }
}
