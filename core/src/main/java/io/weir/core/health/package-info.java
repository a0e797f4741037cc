/** Active checks of backends, made on the control loop and off the request path. */
@NullMarked
package io.weir.core.health;

import org.jspecify.annotations.NullMarked;
