package io.weir.core;

import io.weir.core.config.Address;
import io.weir.core.config.ProxyConfig;
import io.weir.core.exchange.RequestExplainer;
import io.weir.core.listener.Listeners;
import io.weir.core.snapshot.Listener;
import io.weir.core.snapshot.Snapshot;
import io.weir.core.status.AskedRequest;
import io.weir.core.status.ExplainedRequest;
import io.weir.core.status.ExplainedRequest.Unclear;
import io.weir.core.worker.Clock;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Finds the listener that a question is about, and asks its rules and routes. */
final class Explaining {
  private Explaining() {}

  /** Where the listeners of a running proxy are bound. */
  static Map<String, Set<Integer>> ports(Snapshot snapshot, Listeners bound) {
    Map<String, Set<Integer>> ports = new HashMap<>();
    for (String name : snapshot.listeners().keySet()) {
      Set<Integer> all = new HashSet<>();
      for (SocketAddress address : bound.addresses(name)) {
        if (address instanceof InetSocketAddress inet) {
          all.add(inet.getPort());
        }
      }
      ports.put(name, all);
    }
    return ports;
  }

  /** Where the listeners of a configuration would be bound. */
  static Map<String, Set<Integer>> ports(ProxyConfig config) {
    Map<String, Set<Integer>> ports = new HashMap<>();
    config
        .listeners()
        .forEach((name, listener) ->
            ports.put(
                name, listener.bind().stream().map(Address::port).collect(Collectors.toSet())));
    return ports;
  }

  /**
   * What would become of a request.
   *
   * @param ports of each listener, by its name
   */
  static ExplainedRequest explain(
      Snapshot snapshot, Map<String, Set<Integer>> ports, AskedRequest asked) {
    List<Listener> fitting =
        snapshot.listeners().values().stream()
            .filter(listener -> listener.mode() instanceof Listener.Http)
            .filter(listener -> fits(listener, ports, asked))
            .toList();
    List<Listener> relays =
        snapshot.listeners().values().stream()
            .filter(listener -> isRelay(listener, ports, asked))
            .toList();
    if (fitting.isEmpty() && relays.isEmpty()) {
      return new Unclear(nowhere(snapshot, asked));
    }
    // Two of the same port are bound to different addresses; the first one of the file will do.
    RequestExplainer explainer = new RequestExplainer(snapshot, StatusReport::pool, Clock.SYSTEM);
    return fitting.isEmpty()
        ? explainer.explainRelayed(asked, relays.getFirst())
        : explainer.explain(asked, fitting.getFirst());
  }

  /** Whether it relays bytes and is asked for: by its name, or as one that passes on TLS. */
  private static boolean isRelay(
      Listener listener, Map<String, Set<Integer>> ports, AskedRequest asked) {
    if (asked.listener() != null) {
      return listener.name().equals(asked.listener())
          && !(listener.mode() instanceof Listener.Http);
    }
    return listener.mode() instanceof Listener.RelayByServerName
        && asked.tls() != null
        && ports.getOrDefault(listener.name(), Set.of()).contains(asked.port());
  }

  private static boolean fits(
      Listener listener, Map<String, Set<Integer>> ports, AskedRequest asked) {
    if (asked.listener() != null) {
      return listener.name().equals(asked.listener());
    }
    boolean encrypted = listener.http().certificates() != null;
    return encrypted == (asked.tls() != null)
        && ports.getOrDefault(listener.name(), Set.of()).contains(asked.port());
  }

  private static String nowhere(Snapshot snapshot, AskedRequest asked) {
    if (asked.listener() != null) {
      return "there is no listener \"" + asked.listener() + '"';
    }
    boolean encrypted = asked.tls() != null;
    String said =
        "no listener speaks %s on port %d".formatted(encrypted ? "https" : "http", asked.port());
    List<String> others =
        snapshot.listeners().values().stream()
            .filter(listener -> speaks(listener, encrypted))
            .map(listener -> "--listener=" + listener.name())
            .toList();
    return others.isEmpty() ? said : said + "; on another one: " + String.join(" or ", others);
  }

  private static boolean speaks(Listener listener, boolean encrypted) {
    return listener.mode() instanceof Listener.Http http
        && (http.certificates() != null) == encrypted;
  }
}
