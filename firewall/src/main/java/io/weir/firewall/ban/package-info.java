/** Addresses that are refused until a time: a million of them, asked at every accept. */
@NullMarked
package io.weir.firewall.ban;

import org.jspecify.annotations.NullMarked;
