/** Questions about requests: what would become of them, and why; asked and answered in words. */
@NullMarked
package io.weir.daemon.explain;

import org.jspecify.annotations.NullMarked;
