package io.weir.core.config;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The addresses that one listener binds and what it does with their connections.
 *
 * @param protocols the versions of HTTP spoken, the preferred first; empty on a relay
 * @param socketMode who may connect to those of the addresses that are Unix sockets
 * @param proxyProtocol whether connections must begin with a PROXY header, of a trusted proxy
 * @param tls null for plain text; never set on a relay, which does not decrypt
 */
public record ListenerConfig(
    List<Address> bind,
    SocketMode socketMode,
    Mode mode,
    List<HttpProtocol> protocols,
    boolean proxyProtocol,
    @Nullable ListenerTlsConfig tls) {

  public ListenerConfig {
    protocols = List.copyOf(protocols);
    bind = List.copyOf(bind);
    Check.that(!bind.isEmpty(), "bind: nothing (expected: at least one address, like \":8080\")");
    Check.that(
        tls == null || isHttp(mode),
        "tls: set on a tcp listener (expected: none, since tcp mode relays bytes untouched)");
    checkProtocols(mode, protocols, tls);
  }

  /**
   * A listener that speaks what {@link #protocols(Mode, ListenerTlsConfig)} says, and asks for no
   * PROXY header.
   */
  public ListenerConfig(List<Address> bind, Mode mode, @Nullable ListenerTlsConfig tls) {
    this(bind, mode, protocols(mode, tls), false, tls);
  }

  /** A listener that asks for no PROXY header. */
  public ListenerConfig(
      List<Address> bind,
      Mode mode,
      List<HttpProtocol> protocols,
      @Nullable ListenerTlsConfig tls) {
    this(bind, mode, protocols, false, tls);
  }

  /** A listener whose Unix sockets, if there are any, have the usual permissions. */
  public ListenerConfig(
      List<Address> bind,
      Mode mode,
      List<HttpProtocol> protocols,
      boolean proxyProtocol,
      @Nullable ListenerTlsConfig tls) {
    this(bind, SocketMode.DEFAULT, mode, protocols, proxyProtocol, tls);
  }

  /** What is spoken where nothing is said: HTTP/2 is offered where ALPN can offer it. */
  public static List<HttpProtocol> protocols(Mode mode, @Nullable ListenerTlsConfig tls) {
    if (!isHttp(mode)) {
      return List.of();
    }
    return tls == null
        ? List.of(HttpProtocol.HTTP_1_1)
        : List.of(HttpProtocol.H2, HttpProtocol.HTTP_1_1);
  }

  private static boolean isHttp(Mode mode) {
    return mode instanceof Http || mode instanceof RedirectToHttps;
  }

  private static void checkProtocols(
      Mode mode, List<HttpProtocol> protocols, @Nullable ListenerTlsConfig tls) {
    Check.that(
        isHttp(mode) != protocols.isEmpty(),
        isHttp(mode)
            ? "protocols: none (expected: at least one of h2, h2c, http/1.1)"
            : "protocols: set on a tcp listener (expected: none, since it relays bytes untouched)");
    Check.that(
        Set.copyOf(protocols).size() == protocols.size(),
        "protocols: one of them twice (expected: each once)");
    Check.that(
        tls != null || !protocols.contains(HttpProtocol.H2),
        "protocols: h2 without tls (expected: h2c, or a listener with tls)");
    Check.that(
        tls == null || !protocols.contains(HttpProtocol.H2C),
        "protocols: h2c with tls (expected: h2 instead of h2c, which is for plain text)");
  }

  /** What a listener does with a connection. */
  public sealed interface Mode {}

  /** Requests go through the rules and the routes. */
  public record Http() implements Mode {}

  /** Requests go through the rules; what they permit is answered 308 to the same URL on https. */
  public record RedirectToHttps() implements Mode {}

  /** Bytes are relayed to a pool. */
  public record Relay(String pool) implements Mode {}

  /**
   * TLS is relayed untouched to the pool that the ClientHello's server name selects: an exact name,
   * then {@code *.}wildcards, the longest first; other names are refused.
   */
  public record RelayByServerName(Map<String, String> pools) implements Mode {
    public RelayByServerName {
      Map<String, String> byName = new LinkedHashMap<>();
      pools.forEach((name, pool) ->
          Check.that(
              byName.put(name(name), pool) == null,
              "sni: \"" + name + "\" again (expected: each server name once)"));
      pools = Collections.unmodifiableMap(byName);
      Check.that(!pools.isEmpty(), "sni: empty (expected: at least one server name)");
    }

    /**
     * Reads a server name: lower case, exact or with {@code *.} before it for any name below.
     *
     * @throws IllegalArgumentException naming the text and the expected form
     */
    public static String name(String text) {
      return HostPattern.parse("sni", text);
    }
  }
}
