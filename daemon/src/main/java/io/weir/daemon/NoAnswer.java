package io.weir.daemon;

/** A running Weir that was to be asked said nothing, or could not be found. */
final class NoAnswer extends Exception {
  private static final long serialVersionUID = 1;

  private final int exitCode;

  /**
   * For the operator.
   *
   * @param exitCode of the command that asked
   */
  NoAnswer(String message, int exitCode) {
    super(message);
    this.exitCode = exitCode;
  }

  int exitCode() {
    return exitCode;
  }
}
