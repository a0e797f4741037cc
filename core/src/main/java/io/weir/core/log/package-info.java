/** What an ended exchange leaves for the access log; how it is written is the embedder's matter. */
@NullMarked
package io.weir.core.log;

import org.jspecify.annotations.NullMarked;
