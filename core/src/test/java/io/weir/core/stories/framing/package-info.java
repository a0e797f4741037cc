/**
 * Every ambiguity of HTTP/1 framing (RFC 9112 sections 2 to 7 and 11.2) as a row of a table: the
 * bytes, and the one thing that may come of them.
 */
@NullMarked
package io.weir.core.stories.framing;

import org.jspecify.annotations.NullMarked;
