package io.weir.core.status;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A running proxy at one moment.
 *
 * @param generation counts the configurations adopted so far, from 1
 * @param transport {@code epoll}, {@code io_uring} or {@code nio}: what is really in use
 * @param tlsProvider the TLS library in use, with its version
 * @param draining whether it has stopped accepting
 */
public record ProxyStatus(
    long generation,
    String transport,
    String tlsProvider,
    int workers,
    boolean draining,
    List<ListenerStatus> listeners,
    List<RouteStatus> routes,
    List<PoolStatus> pools,
    List<RuleStatus> rules) {

  /**
   * One listener.
   *
   * @param mode {@code http}, {@code redirect}, {@code tcp} or {@code sni}
   * @param addresses bound addresses as {@code host:port}
   */
  public record ListenerStatus(
      String name, String mode, boolean tls, List<String> addresses, long connections) {}

  /**
   * One route.
   *
   * @param target the pool's name, or what the route does in words
   */
  public record RouteStatus(String label, String target) {}

  /** One pool and its backends, in the order of the file. */
  public record PoolStatus(String name, String balance, List<BackendStatus> backends) {}

  /**
   * One backend.
   *
   * @param up what the health checks say; true without checks
   * @param inFlight requests that it is answering now, over all workers
   * @param tlsFailure why TLS with it failed last, in words; null: it never did
   */
  public record BackendStatus(
      String address,
      int weight,
      boolean backup,
      boolean up,
      long inFlight,
      @Nullable String tlsFailure) {}

  /**
   * One rule, in the order of the file.
   *
   * @param action {@code deny}, {@code limit} and the like
   * @param mode {@code enforce} or {@code report}
   * @param lastMatchMillis when it last matched, since the epoch; 0: never
   */
  public record RuleStatus(
      String name, String action, String mode, long matches, long lastMatchMillis) {}
}
