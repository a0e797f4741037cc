package io.weir.core.config;

import java.nio.charset.StandardCharsets;

/**
 * A Unix socket, as in {@code unix:/run/app.sock}.
 *
 * @param path absolute, at most 106 bytes
 */
public record UnixPath(String path) implements Address {
  static final String PREFIX = "unix:";

  /** {@code sockaddr_un} holds 107 beside the zero at its end, see unix(7); the JDK takes 106. */
  private static final int LONGEST = 106;

  public UnixPath {
    Check.that(
        path.startsWith("/") && !path.endsWith("/") && path.chars().noneMatch(c -> c < ' '),
        "\"" + PREFIX + path + "\" (expected: an absolute path, like unix:/run/app.sock)");
    Check.that(
        path.getBytes(StandardCharsets.UTF_8).length <= LONGEST,
        "\"" + PREFIX + path + "\" (expected: a path of at most " + LONGEST + " bytes)");
  }

  /**
   * Reads {@code unix:/path}.
   *
   * @throws IllegalArgumentException naming the text and the expected form
   */
  static UnixPath parse(String text) {
    return new UnixPath(text.substring(PREFIX.length()));
  }

  @Override
  public String host() {
    return "localhost"; // as good as any: it is this machine
  }

  @Override
  public int port() {
    return 0;
  }

  @Override
  public String authority() {
    return host();
  }

  @Override
  public boolean clashesWith(Address other) {
    return equals(other);
  }

  @Override
  public String toString() {
    return PREFIX + path;
  }
}
