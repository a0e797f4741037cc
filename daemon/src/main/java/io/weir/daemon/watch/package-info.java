/** Notices when files that a configuration names have changed. */
@NullMarked
package io.weir.daemon.watch;

import org.jspecify.annotations.NullMarked;
