package io.weir.core.compile;

import io.weir.core.config.HealthConfig;
import io.weir.core.upstream.Pool;

/** A pool whose backends are to be checked. */
public record PoolWatch(Pool pool, HealthConfig health) {}
