/** Pools, their backends, and the connections to them that each worker keeps. */
@NullMarked
package io.weir.core.upstream;

import org.jspecify.annotations.NullMarked;
