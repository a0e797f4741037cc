package io.weir.daemon.config;

import io.weir.core.config.HostPort;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a Redis is.
 *
 * @param database 0 to 9999
 */
public record RedisAddress(HostPort server, boolean tls, int database) {
  private static final Pattern FORM =
      Pattern.compile("(?:(?<scheme>rediss?)://)?(?<server>[^/@?]+)(?:/(?<database>[0-9]{1,4})?)?");
  private static final Pattern WITH_PORT = Pattern.compile("(.*[^:])?:[0-9]+|\\[.*]:[0-9]+");
  private static final String USUAL_PORT = ":6379";
  private static final String EXPECTED =
      " (expected: host:port, redis://host:port/0 or rediss://host:port/0)";

  /** Reads {@code host:port}, {@code redis://host:port/0} or, with TLS, {@code rediss://...}. */
  static RedisAddress parse(String text) {
    Matcher parts = FORM.matcher(text);
    if (!parts.matches()) {
      throw new IllegalArgumentException('"' + text + '"' + EXPECTED);
    }
    String scheme = parts.group("scheme");
    String server = String.valueOf(parts.group("server"));
    boolean portFollows = scheme != null && !WITH_PORT.matcher(server).matches();
    HostPort address = server(text, portFollows ? server + USUAL_PORT : server);
    String database = parts.group("database");
    return new RedisAddress(
        address, "rediss".equals(scheme), database == null ? 0 : Integer.parseInt(database));
  }

  private static HostPort server(String text, String server) {
    try {
      HostPort address = HostPort.parse(server);
      if (!address.host().isEmpty() && address.port() != 0) {
        return address;
      }
    } catch (IllegalArgumentException notAnAddress) {
      // Said below, with all the forms that there are.
    }
    throw new IllegalArgumentException('"' + text + '"' + EXPECTED);
  }

  @Override
  public String toString() {
    return (tls ? "rediss://" : "redis://") + server + "/" + database;
  }
}
