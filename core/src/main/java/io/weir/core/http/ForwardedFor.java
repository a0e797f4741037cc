package io.weir.core.http;

import java.nio.charset.StandardCharsets;

/**
 * What a backend is told about where a request came from: made once per connection, as long as its
 * client stays the same.
 */
public final class ForwardedFor {
  private static final NameSet FORWARDING =
      NameSet.HOP_BY_HOP.with(
          FieldName.CONTENT_LENGTH,
          FieldName.HOST,
          FieldName.FORWARDED,
          FieldName.X_REAL_IP,
          FieldName.X_FORWARDED,
          FieldName.X_FORWARDED_FOR,
          FieldName.MISTAKABLE);

  /** From peers that are not trusted nothing of it is kept. */
  private static final NameSet FROM_CLIENTS =
      FORWARDING.with(FieldName.X_FORWARDED_HOST, FieldName.X_FORWARDED_PROTO);

  private final byte[] client;
  private final byte[] clientLine;
  private final byte[] protocolLine;
  private final boolean peerTrusted;

  /**
   * Tells of one client.
   *
   * @param client the address that rules saw
   * @param tls whether the client's connection to us is encrypted
   * @param peerTrusted whether the peer may say under which host and protocol the client came
   */
  public ForwardedFor(String client, boolean tls, boolean peerTrusted) {
    this.client = ascii(client);
    this.clientLine = ascii("X-Forwarded-For: " + client + "\r\n");
    this.protocolLine = ascii("X-Forwarded-Proto: " + (tls ? "https" : "http") + "\r\n");
    this.peerTrusted = peerTrusted;
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  /** The field lines of a request that are not sent on as they came. */
  public NameSet replaced() {
    return peerTrusted ? FORWARDING : FROM_CLIENTS;
  }

  /** The client's address as text; not to be changed. */
  public byte[] client() {
    return client;
  }

  public byte[] clientLine() {
    return clientLine;
  }

  public byte[] protocolLine() {
    return protocolLine;
  }

  /** Whether our line of that name is sent: not where the head's own is believed, or a route's. */
  public boolean adds(RequestHead head, FieldName name) {
    boolean believed = peerTrusted && !FORWARDING.contains(name);
    return !head.isSettled(name) && !(believed && head.fields().find(name, 0) >= 0);
  }
}
