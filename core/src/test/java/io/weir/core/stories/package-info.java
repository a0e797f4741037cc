/** What a user could tell of Weir: real sockets on both sides, one proxy between. */
@NullMarked
package io.weir.core.stories;

import org.jspecify.annotations.NullMarked;
