package io.weir.core.snapshot;

import io.weir.core.meter.RouteMeter;

/** A compiled route, as one listener has it. */
public record Route(String label, RouteAction action, RouteMeter meter) {
  @Override
  public String toString() {
    return label;
  }
}
