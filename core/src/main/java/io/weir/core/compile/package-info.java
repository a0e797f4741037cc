/** From a configuration to a snapshot: the only place that knows both. */
@NullMarked
package io.weir.core.compile;

import org.jspecify.annotations.NullMarked;
