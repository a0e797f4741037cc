package io.weir.daemon.service;

/** Why the daemon does not start; the message tells the operator what to do. */
public final class CannotStart extends Exception {
  private static final long serialVersionUID = 1;

  CannotStart(String message) {
    super(message);
  }
}
