/** A YAML file, read to values that know their place and say themselves what is wrong with them. */
@NullMarked
package io.weir.daemon.yaml;

import org.jspecify.annotations.NullMarked;
