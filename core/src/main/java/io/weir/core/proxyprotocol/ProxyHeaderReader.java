package io.weir.core.proxyprotocol;

import io.netty.buffer.ByteBuf;
import io.weir.firewall.address.ClientAddress;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/** Reads a PROXY header of either version at the beginning of what a connection sent. Pure. */
public final class ProxyHeaderReader {
  /*
   * Version 1 is a line of at most 107 bytes:
   *
   *   PROXY TCP4 198.51.100.22 203.0.113.7 35646 80 CR LF
   *
   * Version 2 is 16 bytes and as many more as they say:
   *
   *   0D 0A 0D 0A 00 0D 0A 51 55 49 54 0A | version, command | family, protocol | length (2)
   *   source address | destination address | source port (2) | destination port (2) | TLVs
   *
   * Who may send one is known before it is read, so all that is not exactly in this form is refused:
   * a header that two readers understand differently gives its client two addresses. Of TLVs only
   * the checksum is looked at, but all must fit. LOCAL says that nothing behind it is to be believed,
   * and an unspecified family that nothing of it is known, so there even the rest is skipped.
   */

  /**
   * The most that version 2 may carry. Addresses are 216 at most; the largest TLV in use, a
   * client's certificate, is one or two KiB.
   */
  static final int MAX_LENGTH = 4 * 1024;

  /** With CR LF: the longest line that the format can make. */
  static final int MAX_LINE = 107;

  private static final byte[] SIGNATURE = {
    0x0d, 0x0a, 0x0d, 0x0a, 0x00, 0x0d, 0x0a, 0x51, 0x55, 0x49, 0x54, 0x0a
  };
  private static final byte[] PROXY = "PROXY ".getBytes(StandardCharsets.US_ASCII);
  private static final String NOBODY = "UNKNOWN";
  private static final int FIXED = 16;

  private static final int LOCAL = 0x20;
  private static final int PROXIED = 0x21;

  private static final int INET_LENGTH = 12;
  private static final int INET6_LENGTH = 36;
  private static final int UNIX_LENGTH = 216;

  private static final int TLV_HEADER = 3;
  private static final int CRC32C_TYPE = 0x03;
  private static final int CRC32C_LENGTH = 4;

  private ProxyHeaderReader() {}

  /** How far a header has come. */
  public sealed interface Result {
    Incomplete INCOMPLETE = new Incomplete();
    Malformed MALFORMED = new Malformed();

    /** What is there can still become a header. */
    record Incomplete() implements Result {}

    /** What is there can become none. */
    record Malformed() implements Result {}

    /** It is there, in the first {@code length} bytes. */
    record Complete(ProxyHeader header, int length) implements Result {}
  }

  /**
   * Reads at the beginning of the readable bytes.
   *
   * @param in borrowed, and left as it is
   */
  public static Result read(ByteBuf in) {
    if (!in.isReadable()) {
      return Result.INCOMPLETE;
    }
    return in.getByte(in.readerIndex()) == SIGNATURE[0] ? binary(in) : line(in);
  }

  private static boolean beginsLike(ByteBuf in, byte[] expected) {
    int known = Math.min(in.readableBytes(), expected.length);
    for (int i = 0; i < known; i++) {
      if (in.getByte(in.readerIndex() + i) != expected[i]) {
        return false;
      }
    }
    return true;
  }

  // Version 1.

  private static Result line(ByteBuf in) {
    if (!beginsLike(in, PROXY)) {
      return Result.MALFORMED;
    }
    int bound = Math.min(in.readableBytes(), MAX_LINE);
    int length = in.bytesBefore(in.readerIndex(), bound, (byte) '\n');
    if (length < 0) {
      return bound == MAX_LINE ? Result.MALFORMED : Result.INCOMPLETE;
    }
    int start = in.readerIndex() + PROXY.length;
    int end = in.readerIndex() + length - 1;
    if (end < start || in.getByte(end) != '\r') {
      return Result.MALFORMED;
    }
    ProxyHeader header = fields(in.toString(start, end - start, StandardCharsets.US_ASCII));
    return header == null ? Result.MALFORMED : new Result.Complete(header, length + 1);
  }

  private static @Nullable ProxyHeader fields(String text) {
    String[] fields = text.split(" ", -1);
    if (fields[0].equals(NOBODY)) {
      return ProxyHeader.UNKNOWN; // what else is in the line is to be ignored
    }
    boolean v6 = fields[0].equals("TCP6");
    if (fields.length != 5 || !(v6 || fields[0].equals("TCP4"))) {
      return null;
    }
    ClientAddress source = address(fields[1], v6);
    ClientAddress destination = address(fields[2], v6);
    int sourcePort = port(fields[3]);
    int destinationPort = port(fields[4]);
    return source == null || destination == null || sourcePort < 0 || destinationPort < 0
        ? null
        : new ProxyHeader.Known(source, sourcePort, destination, destinationPort);
  }

  private static @Nullable ClientAddress address(String text, boolean v6) {
    return text.indexOf(':') >= 0 == v6 ? ClientAddress.parse(text) : null;
  }

  private static int port(String text) {
    int value = 0;
    for (int i = 0; i < text.length(); i++) {
      int digit = text.charAt(i) - '0';
      if (digit < 0 || digit > 9 || i == 5 || (i > 0 && value == 0)) {
        return -1;
      }
      value = value * 10 + digit;
    }
    return text.isEmpty() || value > 0xffff ? -1 : value;
  }

  // Version 2.

  private static Result binary(ByteBuf in) {
    if (!beginsLike(in, SIGNATURE)) {
      return Result.MALFORMED;
    }
    int at = in.readerIndex();
    int readable = in.readableBytes();
    int command = readable > 12 ? in.getUnsignedByte(at + 12) : PROXIED;
    int family = readable > 13 ? in.getUnsignedByte(at + 13) : 0;
    boolean known = command == LOCAL || (command == PROXIED && addressLength(family) >= 0);
    if (!known) { // of LOCAL the family means nothing
      return Result.MALFORMED;
    }
    if (readable < FIXED) {
      return Result.INCOMPLETE;
    }
    int length = in.getUnsignedShort(at + 14);
    boolean skipped = command == LOCAL || family == 0;
    if (length > MAX_LENGTH || (!skipped && length < addressLength(family))) {
      return Result.MALFORMED;
    }
    if (readable < FIXED + length) {
      return Result.INCOMPLETE;
    }
    if (!skipped && !areTlvs(in, at, at + FIXED + addressLength(family), at + FIXED + length)) {
      return Result.MALFORMED;
    }
    ProxyHeader header = command == LOCAL ? ProxyHeader.LOCAL : addresses(in, at + FIXED, family);
    return new Result.Complete(header, FIXED + length);
  }

  /** Of a family and protocol that are defined; -1 for others, which are to be refused. */
  private static int addressLength(int family) {
    return switch (family) {
      case 0x00 -> 0;
      case 0x11, 0x12 -> INET_LENGTH;
      case 0x21, 0x22 -> INET6_LENGTH;
      case 0x31, 0x32 -> UNIX_LENGTH;
      default -> -1;
    };
  }

  private static ProxyHeader addresses(ByteBuf in, int at, int family) {
    return switch (addressLength(family)) {
      case INET_LENGTH ->
          new ProxyHeader.Known(
              ClientAddress.v4(in.getInt(at)),
              in.getUnsignedShort(at + 8),
              ClientAddress.v4(in.getInt(at + 4)),
              in.getUnsignedShort(at + 10));
      case INET6_LENGTH ->
          new ProxyHeader.Known(
              ClientAddress.v6(in.getLong(at), in.getLong(at + 8)),
              in.getUnsignedShort(at + 32),
              ClientAddress.v6(in.getLong(at + 16), in.getLong(at + 24)),
              in.getUnsignedShort(at + 34));
      default -> ProxyHeader.UNKNOWN; // a Unix socket's path is no address
    };
  }

  private static boolean areTlvs(ByteBuf in, int header, int from, int end) {
    int at = from;
    while (at < end) {
      if (end - at < TLV_HEADER) {
        return false;
      }
      int value = at + TLV_HEADER;
      int length = in.getUnsignedShort(at + 1);
      if (length > end - value) {
        return false;
      }
      if (in.getUnsignedByte(at) == CRC32C_TYPE
          && (length != CRC32C_LENGTH || in.getInt(value) != checksum(in, header, value, end))) {
        return false;
      }
      at = value + length;
    }
    return true;
  }

  /** Over the whole header, with zeros where the checksum stands. */
  private static int checksum(ByteBuf in, int from, int field, int end) {
    CRC32C crc = new CRC32C();
    int after = field + CRC32C_LENGTH;
    crc.update(in.nioBuffer(from, field - from));
    crc.update(new byte[CRC32C_LENGTH]);
    crc.update(in.nioBuffer(after, end - after));
    return (int) crc.getValue();
  }
}
