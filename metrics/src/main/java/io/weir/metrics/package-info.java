/** Counters, histograms and latency of the workers, and their exposition as text. */
@NullMarked
package io.weir.metrics;

import org.jspecify.annotations.NullMarked;
