/** Which route a request takes: host and path to the first route that matches. Pure. */
@NullMarked
package io.weir.core.route;

import org.jspecify.annotations.NullMarked;
