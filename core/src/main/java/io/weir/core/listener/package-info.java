/** Bound addresses, and what every accepted connection goes through before its first request. */
@NullMarked
package io.weir.core.listener;

import org.jspecify.annotations.NullMarked;
