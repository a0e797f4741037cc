package io.weir.core.tcp;

import io.weir.core.exchange.Peer;
import io.weir.core.meter.ListenerMeter;
import io.weir.core.upstream.Pool;
import org.jspecify.annotations.Nullable;

/**
 * A client connection that is to be passed on: whose it is, how it came, and where it goes.
 *
 * @param idleNanos of silence, after which it is closed
 * @param serverName of the ClientHello that chose the pool; null where none was looked at
 * @param ja4 the fingerprint of that, where a rule asked for it
 */
public record Relayed(
    Peer peer,
    String listener,
    ListenerMeter meter,
    Pool pool,
    long idleNanos,
    @Nullable String serverName,
    @Nullable String ja4) {}
