package io.weir.core.http;

/**
 * {@code IPv6address} of RFC 3986 section 3.2.2: parsers of addresses take what it does not have,
 * as zeros before an octet, and not all that it has, as an IPv4 address behind any groups.
 */
final class Ipv6Literal {
  private static final int GROUPS = 8;
  private static final int GROUP_DIGITS = 4;
  private static final int OCTETS = 4;

  private Ipv6Literal() {}

  /** Whether all of {@code bytes[start, end)} is one. */
  static boolean isValid(byte[] bytes, int start, int end) {
    int groups = 0;
    boolean elided = false; // a "::" was seen, which stands for one group or more
    int i = start;
    if (isElision(bytes, i, end)) {
      elided = true;
      i += 2;
      if (i == end) {
        return true;
      }
    }
    while (true) {
      int groupEnd = hexEnd(bytes, i, end);
      if (groupEnd < end && bytes[groupEnd] == '.') {
        return isIpv4(bytes, i, end) && isWhole(groups + 2, elided);
      }
      if (groupEnd == i || groupEnd - i > GROUP_DIGITS) {
        return false;
      }
      groups++;
      if (groupEnd == end) {
        return isWhole(groups, elided);
      }
      if (bytes[groupEnd] != ':') {
        return false;
      }
      i = groupEnd + 1;
      if (isElision(bytes, groupEnd, end)) {
        if (elided) {
          return false;
        }
        elided = true;
        i++;
        if (i == end) {
          return isWhole(groups, true);
        }
      }
    }
  }

  private static boolean isWhole(int groups, boolean elided) {
    return elided ? groups < GROUPS : groups == GROUPS;
  }

  private static boolean isElision(byte[] bytes, int i, int end) {
    return i + 1 < end && bytes[i] == ':' && bytes[i + 1] == ':';
  }

  private static int hexEnd(byte[] bytes, int start, int end) {
    int i = start;
    while (i < end && Ascii.hexDigit(bytes[i]) >= 0) {
      i++;
    }
    return i;
  }

  /** Four {@code dec-octet}s: no zeros before them, and no more than 255. */
  private static boolean isIpv4(byte[] bytes, int start, int end) {
    int i = start;
    for (int octet = 1; octet <= OCTETS; octet++) {
      int first = i;
      int value = 0;
      while (i < end && Ascii.isDigit(bytes[i]) && value <= 255) {
        value = value * 10 + bytes[i] - '0';
        i++;
      }
      boolean zeros = i - first > 1 && bytes[first] == '0';
      if (i == first || zeros || value > 255) {
        return false;
      }
      if (octet < OCTETS && (i == end || bytes[i++] != '.')) {
        return false;
      }
    }
    return i == end;
  }
}
