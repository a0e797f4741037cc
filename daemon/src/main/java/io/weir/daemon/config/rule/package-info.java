/**
 * What a configuration says about rules: the sections below {@code firewall:}, which routes ask as
 * well.
 */
@NullMarked
package io.weir.daemon.config.rule;

import org.jspecify.annotations.NullMarked;
