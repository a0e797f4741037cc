package io.weir.daemon.config;

import io.weir.core.config.Address;
import io.weir.core.config.HostPort;
import io.weir.core.config.HttpProtocol;
import io.weir.core.config.ListenerConfig;
import io.weir.core.config.ListenerConfig.Http;
import io.weir.core.config.ListenerConfig.Mode;
import io.weir.core.config.ListenerConfig.RedirectToHttps;
import io.weir.core.config.ListenerConfig.Relay;
import io.weir.core.config.ListenerConfig.RelayByServerName;
import io.weir.core.config.ListenerTlsConfig;
import io.weir.core.config.SocketMode;
import io.weir.core.config.UnixPath;
import io.weir.daemon.yaml.Fields;
import io.weir.daemon.yaml.Keys;
import io.weir.daemon.yaml.Node;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads {@code listeners:}. */
final class ListenersSection {
  private static final Keys KEYS =
      Keys.of(
          "bind",
          "socket_mode",
          "mode",
          "redirect",
          "protocols",
          "proxy_protocol",
          "tls",
          "pool",
          "sni");

  private static final String FORM = "an address, like \":8080\" or unix:/run/app.sock";
  private static final Pattern PORT = Pattern.compile("[0-9]{1,5}");
  private static final HostPort ANYWHERE = new HostPort("", 0);

  private ListenersSection() {}

  static Map<String, ListenerConfig> read(@Nullable Node node) {
    Map<String, ListenerConfig> listeners = new LinkedHashMap<>();
    if (node != null) {
      node.named()
          .forEach((name, listener) -> listeners.put(name, listener(listener.fields(KEYS))));
    }
    return listeners;
  }

  private static ListenerConfig listener(Fields listener) {
    List<Address> bind = bind(listener);
    SocketMode socketMode = socketMode(listener, bind);
    Mode mode = mode(listener);
    Node tlsNode = listener.get("tls");
    ListenerTlsConfig tls = tlsNode == null ? null : ListenerTlsSection.read(tlsNode);
    boolean proxyProtocol = listener.bool("proxy_protocol", false);
    return listener.build(
        () ->
            new ListenerConfig(
                bind, socketMode, mode, protocols(listener, mode, tls), proxyProtocol, tls),
        new ListenerConfig(List.of(ANYWHERE), mode, null));
  }

  private static List<Address> bind(Fields listener) {
    List<Address> addresses = new ArrayList<>();
    Node bind = listener.require("bind", FORM);
    if (bind == null) {
      return List.of(ANYWHERE);
    }
    for (Node address : bind.list()) {
      addresses.add(address(address));
    }
    return addresses;
  }

  private static Address address(Node node) {
    String meant = node.isScalar() ? meant(node.text("")) : null;
    if (meant != null) {
      node.error(
          "bind: " + node.inWords() + Node.EXPECTED + FORM + ")",
          "did you mean \"" + meant + "\"?");
      return ANYWHERE;
    }
    return node.parsed(Address::parse, FORM, ANYWHERE);
  }

  /** What other programs write otherwise. */
  private static @Nullable String meant(String text) {
    if (PORT.matcher(text).matches()) {
      return ":" + text;
    }
    if (text.startsWith("*:")) {
      return text.substring(1);
    }
    return text.startsWith("/") ? "unix:" + text : null;
  }

  private static SocketMode socketMode(Fields listener, List<Address> bind) {
    Node mode = listener.get("socket_mode");
    if (mode == null) {
      return SocketMode.DEFAULT;
    }
    if (bind.stream().noneMatch(UnixPath.class::isInstance)) {
      mode.error("socket_mode: without a Unix socket in bind (expected: only with one)", null);
    }
    return mode.parsed(SocketMode::parse, "permissions in octal, like 0660", SocketMode.DEFAULT);
  }

  private static List<HttpProtocol> protocols(
      Fields listener, Mode mode, @Nullable ListenerTlsConfig tls) {
    List<HttpProtocol> protocols = new ArrayList<>();
    Node written = listener.get("protocols");
    if (written != null && written.list().isEmpty()) {
      written.error("protocols: none (expected: at least one of h2, h2c, http/1.1)", null);
    }
    for (Node protocol : listener.list("protocols")) {
      HttpProtocol known = protocol.parsed(HttpProtocol::parse, "h2 | h2c | http/1.1");
      if (known != null) {
        protocols.add(known);
      }
    }
    boolean said =
        !protocols.isEmpty() && !(mode instanceof Relay || mode instanceof RelayByServerName);
    return said ? protocols : ListenerConfig.protocols(mode, tls);
  }

  private static Mode mode(Fields listener) {
    Node mode = listener.get("mode");
    if (mode == null || mode.is("http")) {
      return http(listener);
    }
    if (mode.is("tcp")) {
      return relay(listener);
    }
    mode.wrong("http | tcp");
    return new Http(); // what goes with the mode is not known
  }

  private static Mode http(Fields listener) {
    listener.refuse(
        "pool",
        "on a listener of mode http (expected: only with mode: tcp)",
        "routes say which requests go to which pool");
    listener.refuse("sni", "on a listener of mode http (expected: only with mode: tcp)", null);
    Node redirect = listener.get("redirect");
    if (redirect == null) {
      return new Http();
    }
    if (!redirect.is("https")) {
      redirect.wrong("https");
    } else if (listener.has("tls")) {
      redirect.warning(
          "redirect: https on a listener with tls sends clients of https to https",
          "where this listener has port 443, or what is in front of it, they go in a circle");
    }
    return new RedirectToHttps();
  }

  private static Mode relay(Fields listener) {
    listener.refuse(
        "redirect", "on a listener of mode tcp (expected: only on http listeners)", null);
    listener.refuse(
        "protocols", "on a listener of mode tcp (expected: only on http listeners)", null);
    Node pool = listener.get("pool");
    Node sni = listener.get("sni");
    if (pool != null && sni != null) {
      sni.error("sni: beside pool: (expected: one of them)", null);
    }
    if (sni != null) {
      return byServerName(sni);
    }
    if (pool == null) {
      listener.missing("pool", "pool: NAME, or sni: { server name: pool }");
      return new Http();
    }
    return new Relay(pool.text(""));
  }

  /** Each name by itself, so that one that is refused hides no other. */
  private static Mode byServerName(Node sni) {
    Map<String, String> pools = new LinkedHashMap<>();
    Map<String, String> written = new HashMap<>();
    boolean anyRefused = false;
    for (Map.Entry<String, Node> entry : sni.named().entrySet()) {
      String text = entry.getKey();
      Node pool = entry.getValue();
      try {
        String name = RelayByServerName.name(text);
        String before = written.putIfAbsent(name, text);
        if (before == null) {
          pools.put(name, pool.text(""));
          continue;
        }
        sni.nameError(
            text, "sni: \"" + text + "\" is \"" + before + "\" again (expected: each name once)");
      } catch (IllegalArgumentException refusal) {
        sni.nameError(text, String.valueOf(refusal.getMessage()));
      }
      anyRefused = true;
    }
    return pools.isEmpty() && anyRefused
        ? new Http()
        : sni.<Mode>refusable(() -> new RelayByServerName(pools), new Http());
  }
}
