package io.weir.firewall.path;

/** How paths are read before routing and rules ({@code normalize_path}). */
public enum PathMode {
  /** Every way in which a backend may read the target is matched; the original is forwarded. */
  COMPATIBLE("compatible"),
  /**
   * Targets with a second reading are refused; the canonical path is matched and forwarded. Of
   * those with {@link RequestTarget#hasEncodedSlash encoded slashes} the route decides.
   */
  STRICT("strict"),
  /** Matched and forwarded as it came. */
  OFF("off");

  private final String label;

  PathMode(String label) {
    this.label = label;
  }

  /** The word of the configuration file. */
  public String label() {
    return label;
  }
}
