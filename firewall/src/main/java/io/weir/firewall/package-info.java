@NullMarked
package io.weir.firewall;

import org.jspecify.annotations.NullMarked;
