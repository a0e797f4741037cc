package io.weir.core.route;

import org.jspecify.annotations.Nullable;

/**
 * The routes of one host pattern.
 *
 * @param wider the next pattern that applies to every host that this one applies to
 */
record Scope(PathTrie paths, @Nullable Scope wider) {}
