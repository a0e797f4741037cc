/** Reading of request targets, so that no spelling of a path gets around a rule. */
@NullMarked
package io.weir.firewall.path;

import org.jspecify.annotations.NullMarked;
