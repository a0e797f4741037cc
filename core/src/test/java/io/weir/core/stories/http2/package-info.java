/** Stories of HTTP/2: what clients get that keep to it, and what becomes of those that do not. */
@NullMarked
package io.weir.core.stories.http2;

import org.jspecify.annotations.NullMarked;
