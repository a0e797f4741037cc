package io.weir.core.route;

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
}
