/**
 * The configuration: a section of its file read to each record, and all that is wrong said at once.
 */
@NullMarked
package io.weir.daemon.config;

import org.jspecify.annotations.NullMarked;
