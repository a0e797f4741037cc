package io.weir.daemon.config;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What is written down, and where.
 *
 * @param access null writes no access log
 * @param firewall the file of the firewall log; null writes none
 */
public record LoggingConfig(Level level, @Nullable Access access, @Nullable Path firewall) {
  public static final LoggingConfig DEFAULTS = new LoggingConfig(Level.INFO, null, null);

  /** The least important messages that are still written. */
  public enum Level {
    ERROR,
    WARN,
    INFO,
    DEBUG,
    TRACE
  }

  /** One line for each exchange. */
  public record Access(Path file, Format format) {}

  /** The form of a line of the access log. */
  public enum Format {
    COMBINED,
    JSON
  }
}
