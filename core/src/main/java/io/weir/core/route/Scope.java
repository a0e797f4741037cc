package io.weir.core.route;

import org.jspecify.annotations.Nullable;

/**
 * The routes of one host pattern.
 *
 * @param pattern as in the file; empty for every host
 * @param wider the next pattern that applies to every host that this one applies to
 */
record Scope(String pattern, PathTrie paths, @Nullable Scope wider) {}
