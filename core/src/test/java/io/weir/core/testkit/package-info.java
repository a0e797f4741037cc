/**
 * What the stories are told with: a client and a backend that speak bytes and can misbehave, and
 * real programs beside them. No HTTP library, so that nothing is repaired on the way.
 */
@NullMarked
package io.weir.core.testkit;

import org.jspecify.annotations.NullMarked;
