package io.weir.daemon.service;

import io.weir.core.status.ProxyStatus;
import io.weir.core.status.ProxyStatus.ListenerStatus;
import io.weir.core.status.ProxyStatus.PoolStatus;
import io.weir.daemon.cli.BuildInfo;
import io.weir.daemon.config.WeirConfig;
import java.util.List;
import java.util.OptionalLong;

/**
 * What the operator is told at the start, in a few lines however large the configuration is.
 *
 * @param hash of the configuration
 */
record StartReport(BuildInfo build, String configFile, String hash, WeirConfig config) {
  /** Of each kind; the rest is counted. */
  private static final int SHOWN = 6;

  /** A proxied connection has two ends. */
  private static final int FILES_PER_CONNECTION = 2;

  /**
   * Eight lines.
   *
   * @param admin where the admin endpoint listens
   * @param files that the process may open
   * @param bans how many there are, and where they are kept
   */
  List<String> lines(ProxyStatus proxy, List<String> admin, OptionalLong files, String bans) {
    String workers = count(proxy.workers(), "worker");
    return List.of(
        "Weir " + build.version() + ", Java " + Runtime.version() + ", " + configFile + " " + hash,
        "listeners: " + some(proxy.listeners().stream().map(StartReport::listener).toList()),
        "backends: " + some(proxy.pools().stream().map(StartReport::pool).toList()),
        "routes: " + config.proxy().routes().size() + ", firewall rules: " + proxy.rules().size(),
        "transport: " + proxy.transport() + ", " + workers + ", TLS: " + proxy.tlsProvider(),
        limits(config.proxy().limits().connections(), files),
        "bans: " + bans,
        "admin: " + String.join(", ", admin));
  }

  private static String listener(ListenerStatus listener) {
    String tls = listener.tls() ? " tls" : "";
    return listener.name()
        + " "
        + String.join(" ", listener.addresses())
        + " ("
        + listener.mode()
        + tls
        + ")";
  }

  private static String pool(PoolStatus pool) {
    List<String> addresses = pool.backends().stream().map(b -> b.address()).toList();
    return pool.name() + " " + some(addresses) + " (" + pool.balance() + ")";
  }

  private static String limits(int connections, OptionalLong files) {
    if (files.isEmpty()) {
      return "limits: " + connections + " connections";
    }
    long possible = files.getAsLong() / FILES_PER_CONNECTION;
    String warning =
        possible < connections
            ? " (enough for " + possible + ": raise LimitNOFILE or ulimit -n)"
            : "";
    return "limits: " + connections + " connections, " + files.getAsLong() + " files" + warning;
  }

  private static String some(List<String> all) {
    if (all.isEmpty()) {
      return "none";
    }
    String shown = String.join(", ", all.subList(0, Math.min(SHOWN, all.size())));
    return all.size() > SHOWN ? shown + " and " + (all.size() - SHOWN) + " more" : shown;
  }

  private static String count(int number, String what) {
    return number + " " + what + (number == 1 ? "" : "s");
  }
}
