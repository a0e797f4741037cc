package io.weir.firewall.config;

/** Whether a rule decides, or is only counted as if it had. */
public enum RuleMode {
  ENFORCE("enforce"),
  REPORT("report");

  private final String label;

  RuleMode(String label) {
    this.label = label;
  }

  /** The word in configuration files and metrics. */
  public String label() {
    return label;
  }
}
