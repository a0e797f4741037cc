package io.weir.core.config;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The addresses that one listener binds and what it does with their connections.
 *
 * @param tls null for plain text; never set on a relay, which does not decrypt
 */
public record ListenerConfig(List<HostPort> bind, Mode mode, @Nullable ListenerTlsConfig tls) {

  public ListenerConfig {
    bind = List.copyOf(bind);
    Check.that(!bind.isEmpty(), "bind: nothing (expected: at least one address, like :8080)");
    Check.that(
        tls == null || mode instanceof Http || mode instanceof RedirectToHttps,
        "tls: set on a tcp listener (expected: none, since tcp mode relays bytes untouched)");
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
      pools = Collections.unmodifiableMap(new LinkedHashMap<>(pools));
      pools.keySet().forEach(name -> HostPattern.parse("sni", name));
      Check.that(!pools.isEmpty(), "sni: empty (expected: at least one server name)");
    }
  }
}
