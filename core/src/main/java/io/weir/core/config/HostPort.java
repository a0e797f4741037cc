package io.weir.core.config;

import io.weir.firewall.address.ClientAddress;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

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

  private static final ClientAddress NO_ADDRESS = ClientAddress.v6(0, 0); // ::

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

  /**
   * Whether it is every local address: whether that is said of IPv4 or of IPv6, the socket that is
   * bound takes connections of both.
   */
  public boolean isEveryAddress() {
    return host.isEmpty() || host.equals("0.0.0.0") || NO_ADDRESS.equals(literal());
  }

  /** A port that is bound on every address is free on none of them; port 0 is always another. */
  @Override
  public boolean clashesWith(Address other) {
    return other instanceof HostPort that
        && port == that.port
        && port != 0
        && (isEveryAddress() || that.isEveryAddress() || isSameHost(that));
  }

  private boolean isSameHost(HostPort that) {
    ClientAddress literal = literal();
    return literal == null ? host.equalsIgnoreCase(that.host) : literal.equals(that.literal());
  }

  /** Null for a name. */
  private @Nullable ClientAddress literal() {
    return ClientAddress.parse(host);
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
