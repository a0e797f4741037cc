/**
 * What the user meant by rules: records that check their single values and know nothing of how they
 * are asked.
 */
@NullMarked
package io.weir.firewall.config;

import org.jspecify.annotations.NullMarked;
