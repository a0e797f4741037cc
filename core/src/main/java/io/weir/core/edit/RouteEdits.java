package io.weir.core.edit;

import org.jspecify.annotations.Nullable;

/**
 * All that a route changes.
 *
 * @param target null leaves it as it is
 */
public record RouteEdits(@Nullable TargetEdit target, HeaderEdits request, HeaderEdits response) {
  /** Changes nothing; routes without edits have this very object. */
  public static final RouteEdits NONE = new RouteEdits(null, HeaderEdits.NONE, HeaderEdits.NONE);
}
