package io.weir.firewall;

/** What was decided about a request, in the words of the metrics. */
public enum Decision {
  ALLOW("allow"),
  DENY("deny"),
  LIMIT("limit"),
  CONCURRENCY("concurrency"),
  BAN("ban"),
  DROP("drop"),
  TARPIT("tarpit"),
  REDIRECT("redirect");

  private final String label;

  Decision(String label) {
    this.label = label;
  }

  /** The value of the label {@code decision}. */
  public String label() {
    return label;
  }
}
