package io.weir.core.route;

import java.util.function.Predicate;

/** What a route asks of a path. */
public sealed interface PathPattern {

  /** The path and no other. */
  record Exact(String path) implements PathPattern {}

  /** Every path that begins with these characters: {@code /admin*}. */
  record Prefix(String start) implements PathPattern {}

  /**
   * A place and all below it: {@code /admin/*}, which is {@code /admin} and {@code /admin/...}.
   *
   * @param place without the last slash; empty for all that begins with a slash
   */
  record Below(String place) implements PathPattern {}

  /**
   * Anything else. Tried one by one, so it costs each request of its hosts a call.
   *
   * @param words the pattern as the operator wrote it
   * @param test pure, never blocks
   */
  record Matching(String words, Predicate<String> test) implements PathPattern {}
}
