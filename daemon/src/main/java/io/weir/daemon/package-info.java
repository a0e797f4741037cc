/** The door: the commands. */
@NullMarked
package io.weir.daemon;

import org.jspecify.annotations.NullMarked;
