package io.weir.core.upstream;

import io.weir.core.proxyprotocol.ProxyVersion;
import io.weir.tls.UpstreamTls;
import org.jspecify.annotations.Nullable;

/**
 * How connections to a pool's backends are made and kept.
 *
 * @param protocol spoken to the backends
 * @param responseNanos until a response begins, and between two pieces of it
 * @param idleNanos an idle connection is closed after this long
 * @param idlePerWorker idle connections kept per backend and worker
 * @param proxyProtocol the PROXY header that connections begin with, each then for one client; null
 *     for none
 * @param tls null for plain text
 * @param maxHeadBytes of a response's head
 * @param maxFields of a response's head
 */
public record PoolSettings(
    UpstreamProtocol protocol,
    int connectMillis,
    long responseNanos,
    long idleNanos,
    int idlePerWorker,
    @Nullable ProxyVersion proxyProtocol,
    @Nullable UpstreamTls tls,
    boolean via,
    int maxHeadBytes,
    int maxFields) {}
