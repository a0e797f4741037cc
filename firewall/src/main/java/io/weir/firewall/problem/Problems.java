package io.weir.firewall.problem;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Collects everything that is wrong, instead of stopping at the first. */
public final class Problems {
  private final List<FirewallProblem> found = new ArrayList<>();

  public void add(String path, String message, @Nullable String hint) {
    found.add(new FirewallProblem(path, message, hint));
  }

  /** One that is about two places. */
  public void add(String path, String message, @Nullable String hint, String other) {
    found.add(new FirewallProblem(path, message, hint, other));
  }

  public void add(String path, String message) {
    add(path, message, null);
  }

  public boolean isEmpty() {
    return found.isEmpty();
  }

  public List<FirewallProblem> found() {
    return found;
  }
}
