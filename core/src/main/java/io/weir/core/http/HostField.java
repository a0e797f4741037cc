package io.weir.core.http;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Reads the authority of a request, {@code uri-host [":" port]} (RFC 9110 section 7.2, RFC 3986
 * section 3.2). Belongs to one loop.
 *
 * <p>Clients repeat the same few hosts, so the last ones are kept as strings: reading a host makes
 * one only the first time.
 */
public final class HostField {
  /** A power of two; enough for the hosts of a busy minute, small enough for the cache. */
  private static final int KEPT = 256;

  /** Longer than any DNS name with a port; such hosts are read but not kept. */
  private static final int LONGEST_KEPT = 261;

  private static final byte[] NAME = "Host: ".getBytes(StandardCharsets.US_ASCII);

  private final byte[][] keys = new byte[KEPT][];
  private final String[] hosts = new String[KEPT];

  /**
   * The host of the field, lower case, without port, brackets kept around IPv6 literals.
   *
   * @return null if the value is not a valid authority
   */
  public @Nullable String read(Fields fields, int field) {
    byte[] bytes = fields.bytes();
    int start = fields.valueStart(field);
    int end = fields.valueEnd(field);
    int hash = 0;
    for (int i = start; i < end; i++) {
      hash = hash * 31 + bytes[i];
    }
    int slot = (hash ^ (hash >>> 8) ^ (hash >>> 16)) & (KEPT - 1);
    byte[] key = keys[slot];
    if (key != null && Arrays.equals(key, 0, key.length, bytes, start, end)) {
      return hosts[slot];
    }
    String host = parse(bytes, start, end);
    if (host != null && end - start <= LONGEST_KEPT) {
      keys[slot] = Arrays.copyOfRange(bytes, start, end);
      hosts[slot] = host;
    }
    return host;
  }

  /**
   * Gives a request that came without a Host field the one that its target names.
   *
   * @return false if that is not a valid authority
   */
  public static boolean put(String authority, RequestHead head) {
    byte[] text = authority.getBytes(StandardCharsets.ISO_8859_1);
    String host = parse(text, 0, text.length);
    if (host == null) {
      return false;
    }
    Fields fields = head.fields();
    fields.beginLine(NAME);
    fields.append(text);
    fields.endLine();
    head.host(host, fields.count() - 1);
    return true;
  }

  @Nullable
  static String parse(byte[] bytes, int start, int end) {
    if (start == end) {
      return null;
    }
    int hostEnd = bytes[start] == '[' ? literalEnd(bytes, start, end) : nameEnd(bytes, start, end);
    if (hostEnd <= start || !isPort(bytes, hostEnd, end)) {
      return null;
    }
    int trimmed = bytes[hostEnd - 1] == '.' ? hostEnd - 1 : hostEnd;
    if (trimmed == start) {
      return null;
    }
    byte[] lower = new byte[trimmed - start];
    for (int i = 0; i < lower.length; i++) {
      lower[i] = Ascii.lower(bytes[start + i]);
    }
    return new String(lower, StandardCharsets.US_ASCII);
  }

  /**
   * Behind the bracket of {@code [v6]}, or -1. The other literal of RFC 3986 section 3.2.2, {@code
   * IPvFuture}, is refused: no version of it was ever defined.
   */
  private static int literalEnd(byte[] bytes, int start, int end) {
    int i = start + 1;
    while (i < end && bytes[i] != ']') {
      i++;
    }
    return i < end && Ipv6Literal.isValid(bytes, start + 1, i) ? i + 1 : -1;
  }

  /**
   * Behind a reg-name, or -1: unreserved and sub-delims. Percent escapes, which RFC 3986 section
   * 3.2.2 allows, are refused: a backend that decodes them would see another host than rules and
   * routes did. So are empty labels, which no name of DNS has.
   */
  private static int nameEnd(byte[] bytes, int start, int end) {
    int i = start;
    while (i < end && bytes[i] != ':') {
      byte b = bytes[i];
      boolean regName =
          Ascii.isDigit(b)
              || (Ascii.lower(b) >= 'a' && Ascii.lower(b) <= 'z')
              || "-._~!$&'()*+,;=".indexOf(b) >= 0;
      boolean emptyLabel = b == '.' && (i == start || bytes[i - 1] == '.');
      if (!regName || emptyLabel) {
        return -1;
      }
      i++;
    }
    return i;
  }

  /** Nothing, or a colon and at most five digits. */
  private static boolean isPort(byte[] bytes, int start, int end) {
    if (start == end) {
      return true;
    }
    if (bytes[start] != ':' || end - start > 6) {
      return false;
    }
    int port = 0;
    for (int i = start + 1; i < end; i++) {
      if (!Ascii.isDigit(bytes[i])) {
        return false;
      }
      port = port * 10 + (bytes[i] - '0');
    }
    return port <= 65_535;
  }
}
