/**
 * HTTP/1 on the wire: strict readers of heads and bodies, the guards of framing, and the adapters
 * of a connection to the streams that an exchange speaks to.
 */
@NullMarked
package io.weir.core.http1;

import org.jspecify.annotations.NullMarked;
