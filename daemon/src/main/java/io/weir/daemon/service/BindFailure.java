package io.weir.daemon.service;

import java.net.UnixDomainSocketAddress;
import java.util.Locale;

/** Why an address cannot be bound, and what to do about it. */
final class BindFailure {
  private static final int FIRST_FREE_FOR_ALL = 1024;

  private BindFailure() {}

  /**
   * One sentence for the operator.
   *
   * @param reason in the words of the system
   */
  static String explain(String address, int port, String reason) {
    String words = reason.toLowerCase(Locale.ROOT);
    if (words.contains("address already in use")) {
      return address + ": already in use" + holder(port) + ": stop that, or choose another port";
    }
    if (words.contains("permission denied") && port < FIRST_FREE_FOR_ALL) {
      return address
          + ": ports below 1024 need a permission: start Weir by its systemd unit, as root, or"
          + " with sysctl net.ipv4.ip_unprivileged_port_start=0";
    }
    if (words.contains("cannot assign")) {
      return address + ": no interface of this machine has this address";
    }
    return address + ": " + reason;
  }

  /** One sentence for the operator about a Unix socket. */
  static String explain(UnixDomainSocketAddress path, String reason) {
    String socket = "unix:" + path;
    String folder = String.valueOf(path.getPath().getParent());
    String words = reason.toLowerCase(Locale.ROOT);
    if (words.contains("address already in use")) {
      return socket + ": another process listens there: stop that, or choose another path";
    }
    if (words.contains("no such file")) {
      return socket + ": there is no folder " + folder;
    }
    if (words.contains("permission denied")) {
      return socket + ": who Weir runs as may not make files in " + folder;
    }
    return socket + ": " + reason;
  }

  private static String holder(int port) {
    return PortHolder.find(port).map(who -> " by " + who).orElse("");
  }
}
