package io.weir.core.config;

/**
 * Who may connect to a Unix socket: the permissions of its file.
 *
 * @param bits as chmod(2) takes them, 0 to 0777; to connect is to write
 */
public record SocketMode(int bits) {
  /** Its owner and its group. */
  public static final SocketMode DEFAULT = new SocketMode(0660);

  private static final int ALL = 0777;

  public SocketMode {
    Check.range("socket_mode", bits, 0, ALL);
  }

  /**
   * Reads octal digits, as chmod(1) does.
   *
   * @throws IllegalArgumentException naming the text and the expected form
   */
  public static SocketMode parse(String text) {
    if (!text.matches("0?[0-7]{3}")) {
      throw new IllegalArgumentException(
          "\"" + text + "\" (expected: permissions in octal, like 0660)");
    }
    return new SocketMode(Integer.parseInt(text, 8));
  }
}
