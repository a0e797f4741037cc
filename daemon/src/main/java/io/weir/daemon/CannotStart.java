package io.weir.daemon;

/** Why the daemon does not start; the message tells the operator what to do. */
final class CannotStart extends Exception {
  private static final long serialVersionUID = 1;

  CannotStart(String message) {
    super(message);
  }
}
