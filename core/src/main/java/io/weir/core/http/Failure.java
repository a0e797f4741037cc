package io.weir.core.http;

/**
 * Every way in which an exchange can fail: where, whose fault, and what the client is told. The
 * word is the metric label and what the logs say.
 */
public enum Failure {
  BAD_REQUEST("bad_request", 400, Side.CLIENT),
  METHOD_NOT_ALLOWED("method_not_allowed", 405, Side.CLIENT),
  REQUEST_TIMEOUT("request_timeout", 408, Side.CLIENT),
  BODY_TOO_LARGE("body_too_large", 413, Side.CLIENT),
  TARGET_TOO_LONG("target_too_long", 414, Side.CLIENT),
  EXPECTATION_FAILED("expectation_failed", 417, Side.CLIENT),
  /** The connection's certificate is not for that host, or asks its clients for less. */
  MISDIRECTED("misdirected", 421, Side.CLIENT),
  HEAD_TOO_LARGE("head_too_large", 431, Side.CLIENT),
  NOT_IMPLEMENTED("not_implemented", 501, Side.CLIENT),
  VERSION_NOT_SUPPORTED("version_not_supported", 505, Side.CLIENT),
  /** A connection does much that costs work and is no request (HTTP/2). */
  FLOOD("flood", 429, Side.CLIENT),
  /** The client went away before its response was complete; there is nobody to tell. */
  CLIENT_CLOSED("client_closed", 499, Side.CLIENT),
  /**
   * A rule dropped another request on its connection of HTTP/2, and nobody is told of a drop. The
   * word is that of the other, which has a rule beside it.
   */
  DROPPED("dropped", 499, Side.CLIENT),
  /**
   * Somebody did not take what was ready for him, and the memory was needed: the client, which then
   * is past hearing of it, or the backend that its upload is for.
   */
  OVERLOAD("overload", 503, Side.US),
  /** The process stops and could wait no longer; there is no time to tell anybody. */
  STOPPED("stopped", 503, Side.US),

  NO_BACKEND("no_backend", 503, Side.POOL),
  CONNECT_FAILED("connect_failed", 502, Side.BACKEND),
  CONNECT_TIMEOUT("connect_timeout", 504, Side.BACKEND),
  /** In its handshake, or behind it: in TLS 1.3 our certificate is refused only then. */
  UPSTREAM_TLS("upstream_tls", 502, Side.BACKEND),
  /** The backend is to speak HTTP/2 and does not offer it, or does not begin with it. */
  NOT_HTTP2("not_http2", 502, Side.BACKEND),
  /** The backend speaks HTTP/2 and does not say that its streams can be WebSockets (RFC 8441). */
  NO_WEBSOCKETS("no_websockets", 502, Side.POOL),
  UPSTREAM_RESET("upstream_reset", 502, Side.BACKEND),
  /** The backend says that it did nothing with the request, and has said so often. */
  UPSTREAM_REFUSED("upstream_refused", 503, Side.BACKEND),
  UPSTREAM_PROTOCOL("upstream_protocol", 502, Side.BACKEND),
  UPSTREAM_TIMEOUT("upstream_timeout", 504, Side.BACKEND),

  /** An exception of ours: a bug. */
  INTERNAL("internal", 500, Side.US);

  /** Whose fault a failure is. */
  public enum Side {
    CLIENT,
    POOL,
    BACKEND,
    US
  }

  private final String label;
  private final int status;
  private final Side side;

  Failure(String label, int status, Side side) {
    this.label = label;
    this.status = status;
    this.side = side;
  }

  /** The word for logs and metrics. */
  public String label() {
    return label;
  }

  /** What the client is answered, as long as nothing was. */
  public int status() {
    return status;
  }

  public Side side() {
    return side;
  }

  /**
   * Whether the client is past hearing of it.
   *
   * @param reads whether it takes what it is sent
   */
  public boolean isUntold(boolean reads) {
    return switch (this) {
      case CLIENT_CLOSED, DROPPED, STOPPED -> true;
      case OVERLOAD -> !reads;
      default -> false;
    };
  }

  /**
   * The reason under which a backend's failures are counted: connect, tls, timeout, reset, refused
   * or protocol. Only for failures of a backend.
   */
  public String poolReason() {
    return switch (this) {
      case CONNECT_FAILED -> "connect";
      case UPSTREAM_TLS -> "tls";
      case CONNECT_TIMEOUT, UPSTREAM_TIMEOUT -> "timeout";
      case UPSTREAM_RESET -> "reset";
      case UPSTREAM_REFUSED -> "refused";
      default -> "protocol";
    };
  }
}
