package io.weir.core.listener;

import io.weir.core.meter.ListenerMeter.Rejection;
import io.weir.core.snapshot.Snapshot;
import io.weir.firewall.address.ClientAddress;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** How many client connections are open, in all and per address. Shared by all workers. */
public final class ConnectionLimit {
  private final AtomicInteger total = new AtomicInteger();

  /** Touched once when a connection opens and once when it ends; an IPv6 /64 is one client. */
  private final ConcurrentHashMap<ClientAddress, Integer> perClient = new ConcurrentHashMap<>();

  /**
   * Takes a place for a connection.
   *
   * @param countClient false for a trusted proxy, whose connections are many clients'
   * @return why there is none, or null
   */
  @Nullable Rejection enter(Snapshot snapshot, ClientAddress client, boolean countClient) {
    if (total.incrementAndGet() > snapshot.maxConnections()) {
      total.decrementAndGet();
      return Rejection.LIMIT;
    }
    if (countClient) {
      int open = perClient.merge(network(client), 1, Integer::sum);
      if (open > snapshot.maxConnectionsPerIp()) {
        leave(client, true);
        return Rejection.PER_IP;
      }
    }
    return null;
  }

  void leave(ClientAddress client, boolean countClient) {
    total.decrementAndGet();
    if (countClient) {
      perClient.computeIfPresent(network(client), (key, open) -> open == 1 ? null : open - 1);
    }
  }

  private static ClientAddress network(ClientAddress client) {
    return client.isV6() ? ClientAddress.v6(client.network64(), 0) : client;
  }

  /** Open connections. */
  public int open() {
    return total.get();
  }
}
