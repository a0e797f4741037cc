/** The path of a request: pin, route, guard, pick, forward, finish. */
@NullMarked
package io.weir.core.exchange;

import org.jspecify.annotations.NullMarked;
