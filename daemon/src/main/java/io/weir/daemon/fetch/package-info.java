/** Lists that are fetched from elsewhere, and the last good version of each. */
@NullMarked
package io.weir.daemon.fetch;

import org.jspecify.annotations.NullMarked;
