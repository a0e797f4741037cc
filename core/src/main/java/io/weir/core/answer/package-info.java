/** What is answered without a backend: the pages of errors, in the form that a client prefers. */
@NullMarked
package io.weir.core.answer;

import org.jspecify.annotations.NullMarked;
