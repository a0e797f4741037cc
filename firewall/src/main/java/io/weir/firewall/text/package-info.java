/**
 * Patterns of texts, compiled: how one text is compared with many, in time that depends on its
 * length alone.
 */
@NullMarked
package io.weir.firewall.text;

import org.jspecify.annotations.NullMarked;
