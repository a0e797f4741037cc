package io.weir.core.status;

import io.weir.core.status.ProxyStatus.PoolStatus;
import io.weir.firewall.Explanation;
import io.weir.firewall.address.ClientAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What would become of a request, and why. */
public sealed interface ExplainedRequest {
  /** The question makes no sense here, in words. */
  record Unclear(String why) implements ExplainedRequest {}

  /**
   * The way that the request would go, or a connection that is relayed.
   *
   * @param generation of the configuration that was asked; 0: of one that does not run
   * @param clientFromHeader whether a trusted peer named the client
   * @param method null for a connection
   * @param paths the readings of the path, the canonical one first; rules are asked about each
   * @param firewall what the rules say
   * @param route the name of the route that it takes; null for a connection
   * @param target where the route leads, in words
   * @param sent the request-target that a backend would be sent; null where none would be
   * @param pool null where the route leads to none
   */
  record Traced(
      long generation,
      String listener,
      ClientAddress client,
      boolean clientFromHeader,
      @Nullable String method,
      String host,
      List<String> paths,
      Explanation firewall,
      @Nullable String route,
      String target,
      @Nullable String sent,
      @Nullable PoolStatus pool)
      implements ExplainedRequest {
    public Traced {
      paths = List.copyOf(paths);
    }

    /** The same for somebody who did not ask it: queries hold secrets too often. */
    public Traced withoutQuery() {
      String whole = sent;
      int query = whole == null ? -1 : whole.indexOf('?');
      return whole == null || query < 0
          ? this
          : new Traced(
              generation,
              listener,
              client,
              clientFromHeader,
              method,
              host,
              paths,
              firewall,
              route,
              target,
              whole.substring(0, query),
              pool);
    }
  }
}
