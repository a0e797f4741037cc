package io.weir.core.snapshot;

import io.weir.core.edit.RouteEdits;
import io.weir.core.meter.RouteMeter;

/**
 * A compiled route, as one listener has it.
 *
 * @param rest the number of what it asks beyond host and path, among the snapshot's route matches
 * @param edits what it changes; {@link RouteEdits#NONE} itself where that is nothing
 * @param keepsEncodedSlash whether it takes targets with {@code %2F} where paths are strict
 * @param responseNanos how long a backend may be silent; 0 leaves that to the pool
 */
public record Route(
    String label,
    int rest,
    RouteAction action,
    RouteEdits edits,
    boolean keepsEncodedSlash,
    long responseNanos,
    RouteMeter meter) {
  /** It asks nothing else. */
  public static final int NO_REST = -1;

  @Override
  public String toString() {
    return label;
  }
}
