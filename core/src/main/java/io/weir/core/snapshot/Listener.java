package io.weir.core.snapshot;

import io.weir.core.http.HttpLimits;
import io.weir.core.meter.ListenerMeter;
import io.weir.core.route.Router;
import io.weir.core.upstream.Pool;
import io.weir.tls.CertificateStore;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A compiled listener.
 *
 * @param index its place in the file, by which rules know it
 * @param proxyHeaderNanos within which a PROXY header must come; 0 where none is asked for
 */
public record Listener(
    String name, int index, Mode mode, long proxyHeaderNanos, ListenerMeter meter) {

  /** What its connections are used for. */
  public sealed interface Mode {}

  /**
   * HTTP.
   *
   * @param router finds a route for every request that can be read
   * @param unread counts the requests that cannot
   * @param certificates null for plain text
   * @param fingerprints whether the JA4 of clients is wanted
   * @param http1 whether HTTP/1 is spoken
   * @param h2c whether HTTP/2 is spoken in plain text
   */
  public record Http(
      Router<Route> router,
      Route unread,
      HttpLimits limits,
      long handshakeMillis,
      @Nullable CertificateStore certificates,
      boolean fingerprints,
      boolean http1,
      boolean h2c)
      implements Mode {}

  /** Bytes to one pool. */
  public record Relay(Pool pool, long idleNanos) implements Mode {}

  /**
   * Bytes to the pool that the ClientHello's server name selects.
   *
   * @param helloNanos within which it must be there
   */
  public record RelayByServerName(
      Map<String, Pool> exact, Map<String, Pool> wildcard, long idleNanos, long helloNanos)
      implements Mode {

    /**
     * The pool for a name: exact, then the longest wildcard.
     *
     * @param serverName lower case
     */
    public @Nullable Pool find(String serverName) {
      Pool pool = exact.get(serverName);
      for (int dot = serverName.indexOf('.');
          pool == null && dot >= 0;
          dot = serverName.indexOf('.', dot + 1)) {
        pool = wildcard.get(serverName.substring(dot + 1));
      }
      return pool;
    }
  }

  /** The HTTP settings; only for listeners in that mode. */
  public Http http() {
    if (mode instanceof Http http) {
      return http;
    }
    throw new IllegalStateException(name + " is not an http listener");
  }
}
