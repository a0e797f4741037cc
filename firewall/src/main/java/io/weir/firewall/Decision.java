package io.weir.firewall;

/** What was decided about a request, in the words of the metrics. */
public enum Decision {
  ALLOW("allow"),
  DENY("deny"),
  LIMIT("limit"),
  DROP("drop");

  private final String label;

  Decision(String label) {
    this.label = label;
  }

  /** The value of the label {@code decision}. */
  public String label() {
    return label;
  }
}
