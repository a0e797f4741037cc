/** Something to balance when there is nothing yet: backends of our own and a configuration. */
@NullMarked
package io.weir.daemon.demo;

import org.jspecify.annotations.NullMarked;
