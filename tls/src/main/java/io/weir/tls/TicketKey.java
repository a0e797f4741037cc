package io.weir.tls;

import io.netty.handler.ssl.OpenSslSessionTicketKey;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/** One key that session tickets are sealed with (RFC 5077 section 4): AES-128 and HMAC-SHA256. */
public final class TicketKey {
  /*
   * In a file a key has one of the two sizes that other servers know:
   *
   *   48 bytes   name 16 | AES 16 | HMAC 16
   *   80 bytes   name 16 | HMAC 32 | AES 32     as in nginx; HAProxy has AES first
   *
   * What Netty can hand to BoringSSL is the first. Of the second it gets the first half of each
   * part, so that a file of either size can be used; the seal is AES-128 with both. Every Weir does
   * the same, and no other server understands what is sealed.
   */

  private static final int PART = 16;
  private static final int SHORT = 48;
  private static final int LONG = 80;
  private static final String EXPECTED =
      " (expected: keys of 48 bytes, or of 80, one after another)";

  private final byte[] name;
  private final byte[] hmac;
  private final byte[] aes;

  private TicketKey(byte[] name, byte[] hmac, byte[] aes) {
    this.name = name;
    this.hmac = hmac;
    this.aes = aes;
  }

  static TicketKey create(SecureRandom random) {
    byte[] bytes = new byte[SHORT];
    random.nextBytes(bytes);
    return ofShort(bytes, 0);
  }

  /**
   * The keys of a file, in its order.
   *
   * @throws IllegalArgumentException saying what is wrong with it
   */
  public static List<TicketKey> parse(byte[] file) {
    boolean isShort = file.length % SHORT == 0;
    boolean isLong = file.length % LONG == 0;
    if (file.length == 0 || isShort == isLong) {
      String why = isShort && file.length > 0 ? " may be keys of either size" : "";
      throw new IllegalArgumentException(file.length + " bytes" + why + EXPECTED);
    }
    List<TicketKey> keys = new ArrayList<>();
    for (int at = 0; at < file.length; at += isLong ? LONG : SHORT) {
      keys.add(isLong ? ofLong(file, at) : ofShort(file, at));
    }
    return List.copyOf(keys);
  }

  private static TicketKey ofShort(byte[] bytes, int at) {
    return new TicketKey(part(bytes, at), part(bytes, at + 2 * PART), part(bytes, at + PART));
  }

  private static TicketKey ofLong(byte[] bytes, int at) {
    return new TicketKey(part(bytes, at), part(bytes, at + PART), part(bytes, at + 3 * PART));
  }

  private static byte[] part(byte[] bytes, int at) {
    return Arrays.copyOfRange(bytes, at, at + PART);
  }

  OpenSslSessionTicketKey boringssl() {
    return new OpenSslSessionTicketKey(name, hmac, aes);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof TicketKey key
        && Arrays.equals(name, key.name)
        && Arrays.equals(hmac, key.hmac)
        && Arrays.equals(aes, key.aes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(name);
  }

  /** Its name, which every ticket carries in the clear. */
  @Override
  public String toString() {
    return "TicketKey[" + HexFormat.of().formatHex(name) + "]";
  }
}
