/** What one event loop owns, and how there come to be several. */
@NullMarked
package io.weir.core.worker;

import org.jspecify.annotations.NullMarked;
