/** Yesterday's access log, judged by tomorrow's rules. */
@NullMarked
package io.weir.daemon.replay;

import org.jspecify.annotations.NullMarked;
