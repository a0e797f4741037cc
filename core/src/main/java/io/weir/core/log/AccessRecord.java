package io.weir.core.log;

import io.weir.firewall.address.ClientAddress;
import org.jspecify.annotations.Nullable;

/**
 * One ended exchange, valid only during {@link AccessLog.Sink#write}.
 *
 * <p>Text comes as it was received: control bytes are not escaped here.
 */
public interface AccessRecord {
  /** When the first byte of the request arrived, in microseconds since the epoch. */
  long startMicros();

  /** The client as rules see it. */
  ClientAddress client();

  /** The peer of the connection, which is a proxy where {@link #client} came from a header. */
  ClientAddress peer();

  String method();

  /** Lower case, without port; empty when the request named none. */
  String host();

  /** The request-target as received. */
  String target();

  /** {@code HTTP/1.0}, {@code HTTP/1.1} or {@code HTTP/2.0}. */
  String protocol();

  /** Status sent to the client; 0 when the client got none. */
  int status();

  /** Bytes of the request's body. */
  long bytesIn();

  /** Bytes of the response's body that were sent. */
  long bytesOut();

  /** From the first byte in to the last byte out. */
  long durationNanos();

  /** From the choice of a backend to the last byte of its response; -1 without a backend. */
  long upstreamNanos();

  /** Spent connecting to the backend; -1 where a connection was reused or none was made. */
  long connectNanos();

  /** {@code TLSv1.3} and the like; null in plain text. */
  @Nullable String tlsVersion();

  /** The server name of the ClientHello. */
  @Nullable String serverName();

  /** The JA4 fingerprint of the client's TLS; null where nobody asked for it. */
  @Nullable String ja4();

  String listener();

  String route();

  /** Null where no backend was involved. */
  @Nullable String pool();

  /** {@code host:port} of the last backend tried. */
  @Nullable String backend();

  /** Backends tried. */
  int attempts();

  /** A request header's first value, by lower-case name. */
  @Nullable CharSequence requestHeader(String name);

  /** As backends and the client were told: no control bytes, at most 128 characters. */
  String requestId();

  /** The trace id of W3C Trace Context, 32 digits; null where requests have none. */
  @Nullable String traceId();

  /** How it ended, see {@link Outcome}: {@code ok}, {@code denied}, {@code connect_failed}. */
  String outcome();

  /** The rule that refused it. */
  @Nullable String rule();
}
