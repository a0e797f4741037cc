package io.weir.firewall.address;

import org.jspecify.annotations.Nullable;

/** Reads and writes addresses as text, strictly (RFC 4291 §2.2, RFC 5952). */
final class AddressText {
  private static final int GROUPS = 8;

  private AddressText() {}

  static @Nullable ClientAddress parse(CharSequence text) {
    int length = text.length();
    if (length < 2 || length > 45) {
      return null;
    }
    for (int i = 0; i < length; i++) {
      if (text.charAt(i) == ':') {
        return parseV6(text);
      }
    }
    long bits = parseV4(text, 0);
    return bits < 0 ? null : ClientAddress.v4((int) bits);
  }

  /** The 32 bits of the dotted quad that is all of the text after {@code from}, or -1. */
  private static long parseV4(CharSequence text, int from) {
    int length = text.length();
    int at = from;
    long bits = 0;
    for (int part = 0; part < 4; part++) {
      if (part > 0 && (at == length || text.charAt(at++) != '.')) {
        return -1;
      }
      int first = at;
      int value = 0;
      while (at < length && at - first < 3 && isDigit(text.charAt(at))) {
        value = value * 10 + text.charAt(at++) - '0';
      }
      boolean leadingZero = at - first > 1 && text.charAt(first) == '0';
      if (at == first || leadingZero || value > 255) {
        return -1;
      }
      bits = (bits << 8) | value;
    }
    return at == length ? bits : -1;
  }

  private static @Nullable ClientAddress parseV6(CharSequence text) {
    int length = text.length();
    long high = 0; // of the groups so far, as one 128-bit number
    long low = 0;
    int groups = 0;
    int gap = -1; // how many groups came before ::
    int at = 0;
    if (text.charAt(0) == ':') {
      if (text.charAt(1) != ':') {
        return null;
      }
      gap = 0;
      at = 2;
    }
    while (at < length) {
      if (groups == GROUPS) {
        return null;
      }
      int first = at;
      int value = 0;
      while (at < length && at - first < 4 && Character.digit(text.charAt(at), 16) >= 0) {
        if (text.charAt(at) > 'f') { // digits of other scripts are not meant
          return null;
        }
        value = (value << 4) | Character.digit(text.charAt(at++), 16);
      }
      if (at == first) {
        return null;
      }
      if (at < length && text.charAt(at) == '.') {
        long bits = groups <= GROUPS - 2 ? parseV4(text, first) : -1;
        if (bits < 0) {
          return null;
        }
        high = (high << 32) | (low >>> 32);
        low = (low << 32) | bits;
        groups += 2;
        break;
      }
      high = (high << 16) | (low >>> 48);
      low = (low << 16) | value;
      groups++;
      if (at == length) {
        break;
      }
      if (text.charAt(at++) != ':' || at == length) {
        return null;
      }
      if (text.charAt(at) == ':') {
        if (gap >= 0) {
          return null;
        }
        gap = groups;
        at++;
      }
    }
    if (gap < 0) {
      return groups == GROUPS ? ClientAddress.v6(high, low) : null;
    }
    if (groups == GROUPS) {
      return null;
    }
    return widen(high, low, groups - gap, groups);
  }

  /** Puts the zeros of {@code ::} between the groups before it and the {@code after} behind it. */
  private static ClientAddress widen(long high, long low, int after, int groups) {
    int tailBits = 16 * after;
    long tailHigh = high & Bits.lowMaskHigh(tailBits);
    long tailLow = low & Bits.lowMaskLow(tailBits);
    long headHigh = high ^ tailHigh;
    long headLow = low ^ tailLow;
    for (int i = groups; i < GROUPS; i++) {
      headHigh = (headHigh << 16) | (headLow >>> 48);
      headLow <<= 16;
    }
    return ClientAddress.v6(headHigh | tailHigh, headLow | tailLow);
  }

  static String format(ClientAddress address) {
    StringBuilder text = new StringBuilder(39);
    if (!address.isV6()) {
      int bits = (int) address.low();
      return text.append(bits >>> 24)
          .append('.')
          .append((bits >>> 16) & 0xff)
          .append('.')
          .append((bits >>> 8) & 0xff)
          .append('.')
          .append(bits & 0xff)
          .toString();
    }
    int gapFrom = -1;
    int gapLength = 1; // one zero group alone is written out (RFC 5952 §4.2.2)
    for (int i = 0; i < GROUPS; i++) {
      int run = 0;
      while (i + run < GROUPS && group(address, i + run) == 0) {
        run++;
      }
      if (run > gapLength) {
        gapFrom = i;
        gapLength = run;
      }
      i += run;
    }
    for (int i = 0; i < GROUPS; i++) {
      if (i == gapFrom) {
        text.append("::");
        i += gapLength - 1;
        continue;
      }
      if (i > 0 && text.charAt(text.length() - 1) != ':') {
        text.append(':');
      }
      text.append(Integer.toHexString(group(address, i)));
    }
    return text.toString();
  }

  private static int group(ClientAddress address, int index) {
    long half = index < 4 ? address.high() : address.low();
    return (int) (half >>> (48 - 16 * (index & 3))) & 0xffff;
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }
}
