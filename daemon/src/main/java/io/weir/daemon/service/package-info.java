/** A Weir that serves, from its start to its end. */
@NullMarked
package io.weir.daemon.service;

import org.jspecify.annotations.NullMarked;
