/** What a daemon keeps in files for the next one. */
@NullMarked
package io.weir.daemon.state;

import org.jspecify.annotations.NullMarked;
