package io.weir.firewall.address;

/**
 * A prefix of addresses, like {@code 192.0.2.0/24}; bits outside of the prefix are zero.
 *
 * <p>IPv6 prefixes hold no IPv4 addresses: {@code ::/0} is all of IPv6 only.
 *
 * @param network its first address
 * @param length 0 to 32, or to 128 for IPv6
 */
public record Cidr(ClientAddress network, int length) {
  private static final int CLIENT_LENGTH_V6 = 64;
  private static final int SHOWN = 80; // characters; a line of a list may be megabytes

  public Cidr {
    int width = network.isV6() ? 128 : 32;
    if (length < 0 || length > width) {
      throw new IllegalArgumentException(
          "prefix length: " + length + " (expected: 0 to " + width + ")");
    }
    ClientAddress first = first(network, width - length);
    if (!first.equals(network)) {
      throw new IllegalArgumentException(
          "prefix: %s/%d (expected: %s/%d, or %s for that one address)"
              .formatted(network, length, first, length, network));
    }
  }

  /** Reads an address, alone or with {@code /} and a length; strict, as the address is. */
  public static Cidr parse(String text) {
    int slash = text.indexOf('/');
    String addressText = slash < 0 ? text : text.substring(0, slash);
    ClientAddress address = ClientAddress.parse(addressText);
    if (address == null) {
      throw new IllegalArgumentException(
          "address: \"" + shown(text) + "\" (expected: an address or a prefix, like 192.0.2.0/24)");
    }
    boolean writtenAsV6 = addressText.indexOf(':') >= 0;
    int width = writtenAsV6 ? 128 : 32;
    int length = slash < 0 ? width : parseLength(text, slash + 1, width);
    if (!writtenAsV6 || address.isV6()) {
      return new Cidr(address, length);
    }
    if (length < 96) {
      throw new IllegalArgumentException(
          "prefix: \""
              + shown(text)
              + "\" (expected: at least /96 after ::ffff:, or IPv4 notation)");
    }
    return new Cidr(address, length - 96);
  }

  /** What one client usually has to itself: its address, of IPv6 its /64. */
  public static Cidr ofClient(ClientAddress client) {
    return client.isV6()
        ? new Cidr(ClientAddress.v6(client.network64(), 0), CLIENT_LENGTH_V6)
        : new Cidr(client, 32);
  }

  /** Whether it is no more than one client: one address, of IPv6 one in a /64. */
  public boolean isOneClient() {
    return length >= (network.isV6() ? CLIENT_LENGTH_V6 : 32);
  }

  public boolean contains(ClientAddress address) {
    return address.isV6() == network.isV6() && first(address, width() - length).equals(network);
  }

  /** One address without its length, as people write it. */
  public String inWords() {
    return length == width() ? network.toString() : toString();
  }

  @Override
  public String toString() {
    return network + "/" + length;
  }

  int width() {
    return network.isV6() ? 128 : 32;
  }

  /** The last address, its upper half. */
  long lastHigh() {
    return network.high() | Bits.lowMaskHigh(width() - length);
  }

  /** The last address, its lower half. */
  long lastLow() {
    return network.low() | Bits.lowMaskLow(width() - length);
  }

  private static ClientAddress first(ClientAddress address, int hostBits) {
    return address.isV6()
        ? ClientAddress.v6(
            address.high() & ~Bits.lowMaskHigh(hostBits),
            address.low() & ~Bits.lowMaskLow(hostBits))
        : ClientAddress.v4((int) (address.low() & ~Bits.lowMaskLow(hostBits)));
  }

  private static String shown(String text) {
    return text.length() <= SHOWN ? text : text.substring(0, SHOWN) + "...";
  }

  private static int parseLength(String text, int from, int width) {
    int digits = text.length() - from;
    boolean leadingZero = digits > 1 && text.charAt(from) == '0';
    int length = digits < 1 || digits > 3 || leadingZero ? -1 : 0;
    for (int i = from; i < text.length() && length >= 0; i++) {
      int digit = text.charAt(i) - '0';
      length = digit < 0 || digit > 9 ? -1 : length * 10 + digit;
    }
    if (length < 0 || length > width) {
      throw new IllegalArgumentException(
          "prefix: \""
              + shown(text)
              + "\" (expected: a length of 0 to "
              + width
              + " after the slash)");
    }
    return length;
  }
}
