/**
 * What the daemon writes: the access log and the firewall log, off the workers, and its own words
 * about itself.
 */
@NullMarked
package io.weir.daemon.log;

import org.jspecify.annotations.NullMarked;
