/** The rules that every connection and request is judged by, compiled so that cost stays flat. */
@NullMarked
package io.weir.firewall;

import org.jspecify.annotations.NullMarked;
