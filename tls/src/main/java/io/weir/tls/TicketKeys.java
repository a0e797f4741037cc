package io.weir.tls;

import io.netty.handler.ssl.OpenSslSessionTicketKey;
import java.security.SecureRandom;

/**
 * The keys that session tickets are encrypted with.
 *
 * <p>Made once per process and handed to every context, so that a reload does not end resumption.
 * Never written anywhere: after a restart clients make one full handshake. They are not rotated
 * while the process lives; TLS 1.3 resumption makes fresh (EC)DHE keys whatever becomes of them.
 */
public final class TicketKeys {

  private final byte[] name;
  private final byte[] hmac;
  private final byte[] aes;

  private TicketKeys(byte[] name, byte[] hmac, byte[] aes) {
    this.name = name;
    this.hmac = hmac;
    this.aes = aes;
  }

  public static TicketKeys create(SecureRandom random) {
    return new TicketKeys(
        bytes(random, OpenSslSessionTicketKey.NAME_SIZE),
        bytes(random, OpenSslSessionTicketKey.HMAC_KEY_SIZE),
        bytes(random, OpenSslSessionTicketKey.AES_KEY_SIZE));
  }

  OpenSslSessionTicketKey boringssl() {
    return new OpenSslSessionTicketKey(name, hmac, aes);
  }

  private static byte[] bytes(SecureRandom random, int count) {
    byte[] bytes = new byte[count];
    random.nextBytes(bytes);
    return bytes;
  }
}
