/** How one of a pool's available backends is picked. Pure. */
@NullMarked
package io.weir.core.balance;

import org.jspecify.annotations.NullMarked;
