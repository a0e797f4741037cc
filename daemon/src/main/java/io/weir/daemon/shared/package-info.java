/** Limits and bans that are common to several balancers, by way of Redis. */
@NullMarked
package io.weir.daemon.shared;

import org.jspecify.annotations.NullMarked;
