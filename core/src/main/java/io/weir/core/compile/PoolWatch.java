package io.weir.core.compile;

import io.weir.core.config.HealthConfig;
import io.weir.core.upstream.Pool;
import io.weir.tls.UpstreamTls;
import org.jspecify.annotations.Nullable;

/**
 * A pool whose backends are to be checked.
 *
 * @param tls what checks speak; null for plain text
 */
public record PoolWatch(Pool pool, HealthConfig health, @Nullable UpstreamTls tls) {}
