/** What the commands share: how they end, how they speak to a running daemon and to a terminal. */
@NullMarked
package io.weir.daemon.cli;

import org.jspecify.annotations.NullMarked;
