package io.weir.daemon.config;

import io.weir.core.config.ListenerConfig;
import io.weir.core.config.ProxyConfig;
import io.weir.core.config.RouteConfig;
import io.weir.daemon.config.rule.FirewallSection;
import io.weir.daemon.problem.Problems;
import io.weir.daemon.yaml.Fields;
import io.weir.daemon.yaml.Keys;
import io.weir.daemon.yaml.Node;
import io.weir.daemon.yaml.Yaml;
import io.weir.firewall.config.MatchConfig;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads the whole document. */
final class ConfigSection {
  private static final String ADMIN = "admin";

  private static final Keys KEYS =
      Keys.of(
              "version",
              "include",
              "workers",
              "transport",
              "via",
              "limits",
              "timeouts",
              "trusted_proxies",
              "client_ip_header",
              "request_id",
              "traceparent",
              "errors",
              "listeners",
              "tls",
              "certificates",
              "lists",
              "firewall",
              "pools",
              "routes",
              "logging",
              "admin",
              "shared_state")
          .later("metrics", "alerts");

  private ConfigSection() {}

  /**
   * Reads it.
   *
   * @param state the folder with what outlives the process; null if there is none
   */
  static WeirConfig read(Node node, @Nullable Path state) {
    Fields file = node.fields(KEYS);
    Node version = file.require("version", "1");
    if (version != null) {
      checkVersion(version);
    }
    ListsSection.Lists lists = ListsSection.read(file.get("lists"), state);
    List<RouteConfig> routes = RoutesSection.read(file.get("routes"));
    Map<String, ListenerConfig> listeners = ListenersSection.read(file.get("listeners"));
    return new WeirConfig(
        new ProxyConfig(
            RuntimeSection.read(file),
            LimitsSection.read(file.get("limits")),
            TimeoutsSection.read(file.get("timeouts")),
            ClientAddressSection.read(file),
            TracingSection.read(file),
            ErrorPagesSection.read(file.get("errors")),
            listeners,
            TlsSection.read(file.get("tls")),
            CertificatesSection.read(file.get("certificates")),
            FirewallSection.read(file.get("firewall"), lists.all(), conditions(routes))
                .withTcpListeners(tcp(listeners)),
            PoolsSection.read(file.get("pools")),
            routes),
        LoggingSection.read(file.get("logging")),
        AdminSection.read(file.get(ADMIN)),
        lists.fetched(),
        SharedStateSection.read(file.get("shared_state")));
  }

  /** Reads {@code admin:}; what is wrong elsewhere matters only if that could be hidden by it. */
  static AdminLookup admin(Yaml document, Problems problems) {
    Node section = Node.root(document, problems).fields(KEYS).get(ADMIN);
    AdminConfig admin = AdminSection.read(section);
    boolean known =
        section == null ? !problems.anyError(ConfigSection::mayHideAdmin) : !problems.covers(ADMIN);
    return known ? new AdminLookup.Known(admin) : new AdminLookup.Unknown(problems.sorted());
  }

  /** A file that is not read, or a top-level key that may be a misspelt {@code admin}. */
  private static boolean mayHideAdmin(String path) {
    String key = path.replaceFirst("[.\\[].*", "");
    return key.equals("include") || !KEYS.known().contains(key);
  }

  private static Set<String> tcp(Map<String, ListenerConfig> listeners) {
    Set<String> names = new HashSet<>();
    listeners.forEach((name, listener) -> {
      if (listener.mode() instanceof ListenerConfig.Relay
          || listener.mode() instanceof ListenerConfig.RelayByServerName) {
        names.add(name);
      }
    });
    return names;
  }

  private static List<MatchConfig> conditions(List<RouteConfig> routes) {
    return routes.stream().flatMap(route -> route.match().conditions().stream()).toList();
  }

  static void checkVersion(Node version) {
    if (!version.is("1")) {
      version.error("version: " + version.inWords() + " (expected: 1, the only one so far)", null);
    }
  }
}
