/** What is wrong with a file, where it stands in it, and how that is told to its author. */
@NullMarked
package io.weir.daemon.problem;

import org.jspecify.annotations.NullMarked;
