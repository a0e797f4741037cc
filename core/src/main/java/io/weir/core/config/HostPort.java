package io.weir.core.config;

/**
 * A host and a port, as in {@code 10.0.1.11:8080}, {@code app.internal:80} or {@code [::1]:80}.
 *
 * @param host an address literal without brackets or a name; empty means every local address, which
 *     only a listener may say
 * @param port 0 to 65535; 0 lets the system choose, which only a listener may say
 */
public record HostPort(String host, int port) {
  public HostPort {
    Check.range("port", port, 0, 65535);
  }

  /**
   * Reads {@code host:port}, {@code :port} or {@code [v6]:port}.
   *
   * @throws IllegalArgumentException naming the text and the expected form
   */
  public static HostPort parse(String text) {
    int colon = text.lastIndexOf(':');
    if (colon < 0) {
      throw malformed(text);
    }
    String host = text.substring(0, colon);
    if (host.startsWith("[") && host.endsWith("]")) {
      host = host.substring(1, host.length() - 1);
    } else if (host.indexOf(':') >= 0) {
      throw malformed(text);
    }
    return new HostPort(host, port(text, text.substring(colon + 1)));
  }

  private static int port(String text, String digits) {
    boolean numeric =
        !digits.isEmpty()
            && digits.length() <= 5
            && digits.chars().allMatch(c -> c >= '0' && c <= '9');
    if (!numeric || Integer.parseInt(digits) > 65535) {
      throw malformed(text);
    }
    return Integer.parseInt(digits);
  }

  private static IllegalArgumentException malformed(String text) {
    return new IllegalArgumentException(
        "\"" + text + "\" (expected: host:port, like 10.0.1.11:8080 or [::1]:8080)");
  }

  @Override
  public String toString() {
    return host.indexOf(':') >= 0 ? "[" + host + "]:" + port : host + ":" + port;
  }
}
