package io.weir.core.config;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A host and a port, as in {@code 10.0.1.11:8080}, {@code app.internal:80} or {@code [::1]:80}.
 *
 * @param host an address literal without brackets or a name; empty means every local address, which
 *     only a listener may say
 * @param port 0 to 65535; 0 lets the system choose, which only a listener may say
 */
public record HostPort(String host, int port) implements Address {
  private static final Pattern FORM =
      Pattern.compile(
          "(?:\\[(?<v6>[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*(?:%[A-Za-z0-9._-]+)?)]"
              + "|(?<name>[A-Za-z0-9._-]*))"
              + ":(?<port>[0-9]{1,5})");

  public HostPort {
    Check.range("port", port, 0, 65535);
  }

  /**
   * Reads {@code host:port}, {@code :port} or {@code [v6]:port}.
   *
   * @throws IllegalArgumentException naming the text and the expected form
   */
  public static HostPort parse(String text) {
    Matcher parts = FORM.matcher(text);
    int port = parts.matches() ? Integer.parseInt(parts.group("port")) : -1;
    if (port < 0 || port > 65535) {
      throw new IllegalArgumentException(
          "\"" + text + "\" (expected: host:port, like 10.0.1.11:8080 or [::1]:8080)");
    }
    String v6 = parts.group("v6");
    return new HostPort(v6 != null ? v6 : String.valueOf(parts.group("name")), port);
  }

  @Override
  public String authority() {
    return toString();
  }

  @Override
  public String toString() {
    return host.indexOf(':') >= 0 ? "[" + host + "]:" + port : host + ":" + port;
  }
}
