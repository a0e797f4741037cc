package io.weir.daemon.config;

import io.weir.core.config.HostPort;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Where metrics, status and commands are offered.
 *
 * @param bind an address of the loopback, since whoever reaches it may command; the port may be 0
 * @param socket the Unix socket offering the same, null for none
 */
public record AdminConfig(HostPort bind, @Nullable Path socket) {
  public static final AdminConfig DEFAULTS = new AdminConfig(new HostPort("127.0.0.1", 9717), null);

  public AdminConfig {
    if (!isLoopback(bind.host())) {
      throw new IllegalArgumentException(
          "bind: " + bind + " (expected: a loopback address, like 127.0.0.1:9717)");
    }
  }

  private static boolean isLoopback(String host) {
    return host.equals("localhost") || host.equals("::1") || host.matches("127(\\.[0-9]{1,3}){3}");
  }
}
