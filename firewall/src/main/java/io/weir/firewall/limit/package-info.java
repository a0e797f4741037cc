/** Rate limits for any number of keys in a fixed amount of memory. */
@NullMarked
package io.weir.firewall.limit;

import org.jspecify.annotations.NullMarked;
