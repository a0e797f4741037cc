package io.weir.firewall.list;

/** What the entries of a list are. */
public enum ListType {
  ADDRESSES("addresses"),
  TEXT("text");

  private final String label;

  ListType(String label) {
    this.label = label;
  }

  /** The word of the configuration file. */
  public String label() {
    return label;
  }
}
