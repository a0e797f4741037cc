/** One compiled generation of the configuration: what requests are pinned to. */
@NullMarked
package io.weir.core.snapshot;

import org.jspecify.annotations.NullMarked;
