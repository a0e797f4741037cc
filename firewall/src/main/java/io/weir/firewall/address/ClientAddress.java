package io.weir.firewall.address;

import org.jspecify.annotations.Nullable;

/**
 * An IPv4 or IPv6 address; immutable.
 *
 * <p>An IPv4 address mapped into IPv6 ({@code ::ffff:192.0.2.1}) is that IPv4 address, so that a
 * dual-stack socket gets around no rule.
 */
public final class ClientAddress {
  /** {@code 0.0.0.0}, whose nobody is on a network: stands for who comes by a Unix socket. */
  public static final ClientAddress UNSPECIFIED = v4(0);

  private static final long MAPPED = 0xffff_0000_0000L;

  private final boolean v6;
  private final long high;
  private final long low;
  private @Nullable String text; // the same value whoever writes it first

  private ClientAddress(boolean v6, long high, long low) {
    this.v6 = v6;
    this.high = high;
    this.low = low;
  }

  /** From 4 or 16 bytes in network order. */
  public static ClientAddress ofBytes(byte[] bytes) {
    return switch (bytes.length) {
      case 4 -> v4((int) readLong(bytes, 0, 4));
      case 16 -> v6(readLong(bytes, 0, 8), readLong(bytes, 8, 8));
      default ->
          throw new IllegalArgumentException(
              "address: " + bytes.length + " bytes (expected: 4 or 16)");
    };
  }

  /** An IPv4 address from its 32 bits. */
  public static ClientAddress v4(int bits) {
    return new ClientAddress(false, 0, Integer.toUnsignedLong(bits));
  }

  /** An IPv6 address from its halves; an IPv4 address if it is a mapped one. */
  public static ClientAddress v6(long high, long low) {
    return high == 0 && low >>> 32 == MAPPED >>> 32
        ? v4((int) low)
        : new ClientAddress(true, high, low);
  }

  /**
   * Reads the textual forms of RFC 4291 §2.2 and plain dotted quads, and nothing else: no octal, no
   * missing parts, no zone, no port, no white space. Null if it is none of them.
   */
  public static @Nullable ClientAddress parse(CharSequence text) {
    return AddressText.parse(text);
  }

  public boolean isV6() {
    return v6;
  }

  /** The upper 64 bits; 0 for IPv4. */
  public long high() {
    return high;
  }

  /** The lower 64 bits; for IPv4 the 32 bits, unsigned. */
  public long low() {
    return low;
  }

  /** The /64 that an IPv6 address is in, which one client usually has to itself. */
  public long network64() {
    return high;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof ClientAddress that
        && v6 == that.v6
        && high == that.high
        && low == that.low;
  }

  @Override
  public int hashCode() {
    return Long.hashCode(high * 31 + low) + (v6 ? 1 : 0);
  }

  /** The canonical text (RFC 5952), for logs and X-Forwarded-For; made once. */
  @Override
  public String toString() {
    String known = text;
    if (known != null) {
      return known;
    }
    String made = AddressText.format(this);
    text = made;
    return made;
  }

  private static long readLong(byte[] bytes, int from, int count) {
    long value = 0;
    for (int i = from; i < from + count; i++) {
      value = (value << 8) | (bytes[i] & 0xff);
    }
    return value;
  }
}
