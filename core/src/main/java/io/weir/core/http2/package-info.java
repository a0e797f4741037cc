/**
 * HTTP/2 on the wire: strict header blocks, floods bounded by budgets, and the adapters of a
 * connection's streams to the streams that an exchange speaks to.
 */
@NullMarked
package io.weir.core.http2;

import org.jspecify.annotations.NullMarked;
