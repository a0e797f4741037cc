@NullMarked
package io.weir.core;

import org.jspecify.annotations.NullMarked;
