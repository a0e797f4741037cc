package io.weir.core.http;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.random.RandomGenerator;

/**
 * The challenge by which the client of a WebSocket knows that the server means it (RFC 6455 section
 * 4). Over HTTP/2 there is none (RFC 8441), so that it is ours to make, and to look at the answer.
 */
public final class WebSocketKey {
  public static final String NAME = "sec-websocket-key";
  public static final String ACCEPT_NAME = "sec-websocket-accept";

  private static final int KEY_BYTES = 16;
  private static final String GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

  private WebSocketKey() {}

  /** A new one. */
  public static String next(RandomGenerator random) {
    byte[] nonce = new byte[KEY_BYTES];
    random.nextBytes(nonce);
    return Base64.getEncoder().encodeToString(nonce);
  }

  /** What a server must answer to it. */
  public static String accept(String key) {
    try {
      byte[] text = (key + GUID).getBytes(StandardCharsets.ISO_8859_1);
      return Base64.getEncoder().encodeToString(MessageDigest.getInstance("SHA-1").digest(text));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every JDK has it
    }
  }
}
