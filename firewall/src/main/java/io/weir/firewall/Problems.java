package io.weir.firewall;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Collects everything that is wrong, instead of stopping at the first. */
final class Problems {
  private final List<FirewallProblem> found = new ArrayList<>();

  void add(String path, String message, @Nullable String hint) {
    found.add(new FirewallProblem(path, message, hint));
  }

  /** One that is about two places. */
  void add(String path, String message, @Nullable String hint, String other) {
    found.add(new FirewallProblem(path, message, hint, other));
  }

  void add(String path, String message) {
    add(path, message, null);
  }

  boolean isEmpty() {
    return found.isEmpty();
  }

  List<FirewallProblem> found() {
    return found;
  }
}
