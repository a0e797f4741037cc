@NullMarked
package io.weir.daemon;

import org.jspecify.annotations.NullMarked;
