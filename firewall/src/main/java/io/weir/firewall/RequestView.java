package io.weir.firewall;

import io.weir.firewall.address.ClientAddress;
import io.weir.firewall.path.RequestTarget;
import org.jspecify.annotations.Nullable;

/**
 * What the engine reads of a request; it asks only for what some rule needs.
 *
 * <p>Texts are Latin-1: one char per byte, as they came. Called on one worker, only during {@link
 * Firewall#checkRequest}.
 */
public interface RequestView {
  ClientAddress client();

  /** The listener's place in the names that the firewall was compiled with, from 0. */
  int listener();

  String method();

  /** In lower case, without port and without a dot at its end; empty if there is none. */
  String host();

  RequestTarget target();

  /** The first line of that name, or null. */
  @Nullable CharSequence header(String lowerName);

  /** Whether any line of that name passes; stops at the first that does. */
  boolean anyHeader(String lowerName, HeaderPredicate test);

  /** Shows every header line, in order; asked for when rules name many different headers. */
  void eachHeader(HeaderVisitor visitor);

  /** The name of the route that the request took. */
  String route();

  /** {@code http/1.0}, {@code http/1.1} or {@code h2}. */
  String protocol();

  /** {@code 1.2} or {@code 1.3}; null without TLS. */
  @Nullable String tlsVersion();

  /** The server name that the client asked for in TLS, in lower case; null if there is none. */
  @Nullable String serverName();

  /** The subject of the client's certificate (RFC 2253); null if it showed none. */
  @Nullable String clientSubject();

  /** The JA4 fingerprint of the client's TLS; null without TLS, and where nobody asked for it. */
  @Nullable String ja4();

  /** The time of day, in milliseconds since the epoch. */
  long epochMillis();
}
