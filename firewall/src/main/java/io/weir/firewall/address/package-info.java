/** Addresses and sets of address prefixes. */
@NullMarked
package io.weir.firewall.address;

import org.jspecify.annotations.NullMarked;
