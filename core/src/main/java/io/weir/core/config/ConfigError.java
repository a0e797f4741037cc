package io.weir.core.config;

import org.jspecify.annotations.Nullable;

/**
 * One thing that is wrong with a configuration, and where.
 *
 * @param path where, in the words of the file: {@code pools.web.backends[2].weight}
 * @param message the value, and what was expected
 * @param hint what to do about it, such as a name that was probably meant
 * @param other what else it is about, in the same form; null: nothing
 */
public record ConfigError(
    String path, String message, @Nullable String hint, @Nullable String other) {
  public ConfigError(String path, String message, @Nullable String hint) {
    this(path, message, hint, null);
  }

  public ConfigError(String path, String message) {
    this(path, message, null);
  }
}
