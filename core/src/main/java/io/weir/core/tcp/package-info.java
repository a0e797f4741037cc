/** Connections whose bytes are relayed untouched. */
@NullMarked
package io.weir.core.tcp;

import org.jspecify.annotations.NullMarked;
