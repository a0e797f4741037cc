package io.weir.core.http;

/**
 * The head of one response of a backend. Filled by a reader, checked by a guard, then only read.
 */
public final class ResponseHead {
  private static final int KEPT_BYTES = 8 * 1024;
  private static final int SWITCHING_PROTOCOLS = 101;

  private final Fields fields = new Fields();
  private int status;
  private int reasonStart;
  private int reasonEnd;
  private int minorVersion = 1;
  private long bodyLength = BodyLength.NONE;
  private boolean persistent = true;
  private boolean trailersMayFollow;

  /** Ready for the next response. */
  public void clear() {
    fields.clear(KEPT_BYTES);
    status = 0;
    reasonStart = 0;
    reasonEnd = 0;
    bodyLength = BodyLength.NONE;
    trailersMayFollow = false;
  }

  public Fields fields() {
    return fields;
  }

  /** Sets the status line; the reason phrase lies in the bytes of the fields. */
  public void statusLine(int status, int minorVersion, int reasonStart, int reasonEnd) {
    this.status = status;
    this.minorVersion = minorVersion;
    this.reasonStart = reasonStart;
    this.reasonEnd = reasonEnd;
  }

  /** Sets how the message is framed. */
  public void framing(long bodyLength, boolean persistent) {
    this.bodyLength = bodyLength;
    this.persistent = persistent;
  }

  /** Sets whether something may come behind a body of no bytes. */
  public void trailersMayFollow(boolean may) {
    trailersMayFollow = may;
  }

  /** 100 to 999. */
  public int status() {
    return status;
  }

  /** Whether another response follows; 101 is the last one of HTTP. */
  public boolean isInterim() {
    return status < 200 && status != SWITCHING_PROTOCOLS;
  }

  /** Whether the connection goes on in another protocol (RFC 9110 section 7.8). */
  public boolean isSwitching() {
    return status == SWITCHING_PROTOCOLS;
  }

  public int minorVersion() {
    return minorVersion;
  }

  public int reasonStart() {
    return reasonStart;
  }

  public int reasonEnd() {
    return reasonEnd;
  }

  /**
   * Bytes of body that follow, or a constant of {@link BodyLength}. For a response to HEAD and a
   * 304 this is {@code NONE}, whatever Content-Length says.
   */
  public long bodyLength() {
    return bodyLength;
  }

  /**
   * Whether a body of no bytes is not yet the end; where a length is known HTTP/2 alone says so.
   */
  public boolean trailersMayFollow() {
    return trailersMayFollow;
  }

  /** Whether the backend means to answer another request on this connection. */
  public boolean persistent() {
    return persistent;
  }
}
