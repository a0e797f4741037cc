/** The PROXY protocol, by which one proxy tells the next whose connection it is. */
@NullMarked
package io.weir.core.proxyprotocol;

import org.jspecify.annotations.NullMarked;
