/** The configuration file: YAML read to records, and everything wrong with it said at once. */
@NullMarked
package io.weir.daemon.config;

import org.jspecify.annotations.NullMarked;
