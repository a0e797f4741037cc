package io.weir.core.listener;

import io.weir.core.snapshot.Snapshot;
import io.weir.firewall.address.ClientAddress;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** How many client connections are open, in all and per address. Shared by all workers. */
public final class ConnectionLimit {
  private final AtomicInteger total = new AtomicInteger();

  /** Touched once when a connection opens and once when it ends; an IPv6 /64 is one client. */
  private final ConcurrentHashMap<ClientAddress, Integer> perClient = new ConcurrentHashMap<>();

  /** Takes a place for a connection; false if there is none. */
  boolean enter(Snapshot snapshot) {
    if (total.incrementAndGet() > snapshot.maxConnections()) {
      total.decrementAndGet();
      return false;
    }
    return true;
  }

  void leave() {
    total.decrementAndGet();
  }

  /** Takes one of a client's places; false if there is none. */
  boolean enter(Snapshot snapshot, ClientAddress client) {
    int open = perClient.merge(network(client), 1, Integer::sum);
    if (open > snapshot.maxConnectionsPerIp()) {
      leave(client);
      return false;
    }
    return true;
  }

  void leave(ClientAddress client) {
    perClient.computeIfPresent(network(client), (key, open) -> open == 1 ? null : open - 1);
  }

  private static ClientAddress network(ClientAddress client) {
    return client.isV6() ? ClientAddress.v6(client.network64(), 0) : client;
  }

  /** Open connections. */
  public int open() {
    return total.get();
  }
}
