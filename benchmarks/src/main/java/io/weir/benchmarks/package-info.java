/** What all benchmarks have in common; they themselves are in the packages that they measure. */
@NullMarked
package io.weir.benchmarks;

import org.jspecify.annotations.NullMarked;
