package io.weir.core.testkit;

/** One header line: the name as it was spelled, the value without white space around it. */
public record Header(String name, String value) {
  @Override
  public String toString() {
    return name + ": " + value;
  }
}
