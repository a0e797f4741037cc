/** What limits tell those of other processes, without waiting for anybody. */
@NullMarked
package io.weir.firewall.share;

import org.jspecify.annotations.NullMarked;
