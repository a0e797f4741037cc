/**
 * What an ended exchange leaves for the access log, and a rule that acted for the firewall log; how
 * they are written is the embedder's matter.
 */
@NullMarked
package io.weir.core.log;

import org.jspecify.annotations.NullMarked;
