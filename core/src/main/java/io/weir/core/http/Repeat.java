package io.weir.core.http;

/** Whether a request that a backend did not answer may be sent once more. */
public enum Repeat {
  /** The backend may have done something with it. */
  NEVER,

  /**
   * The connection had served before and died without a byte of this response, as an idle
   * connection does that the backend was just closing.
   */
  IF_IDEMPOTENT,

  /** The backend said that it did nothing with it (RFC 9113 section 8.7). */
  ALWAYS,

  /**
   * The same, by a GOAWAY on a connection of which it took others before: whoever lets a connection
   * go gets on, and this request's turn comes.
   */
  AFTER_OTHERS
}
