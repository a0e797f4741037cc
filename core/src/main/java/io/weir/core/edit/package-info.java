/** What a route changes in the requests and responses that pass through it. */
@NullMarked
package io.weir.core.edit;

import org.jspecify.annotations.NullMarked;
