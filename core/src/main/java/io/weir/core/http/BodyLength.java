package io.weir.core.http;

/** How long a message's body is: a count of bytes, or one of these. */
public final class BodyLength {
  /** The message has no body. */
  public static final long NONE = -1;

  /** The body ends with its last chunk. */
  public static final long CHUNKED = -2;

  /** The body ends with the connection; responses only (RFC 9112 section 6.3). */
  public static final long UNTIL_CLOSE = -3;

  private BodyLength() {}
}
