/** The named lists that rules refer to: where their entries come from, and the entries, read. */
@NullMarked
package io.weir.firewall.list;

import org.jspecify.annotations.NullMarked;
