/** The metrics of each compiled thing: where they are registered and what raises them. */
@NullMarked
package io.weir.core.meter;

import org.jspecify.annotations.NullMarked;
