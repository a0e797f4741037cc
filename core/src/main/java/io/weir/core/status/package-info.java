/** What an operator may see of a running proxy: plain values, copied at the time of asking. */
@NullMarked
package io.weir.core.status;

import org.jspecify.annotations.NullMarked;
