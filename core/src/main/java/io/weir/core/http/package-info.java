/** HTTP apart from its wire format: heads, fields, streams, and how an exchange can fail. */
@NullMarked
package io.weir.core.http;

import org.jspecify.annotations.NullMarked;
