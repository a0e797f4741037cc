package io.weir.daemon;

/** TERM and INT: the first asks to stop when all is done, the second stops now. */
final class Stopping {
  /** What a shell reports of a process that a signal ended is this and the signal's number. */
  private static final int SIGNALLED = 128;

  private static final int INT = 2;
  private static final int TERM = 15;

  private Stopping() {}

  static void on(Daemon daemon) {
    Signals.on("TERM", () -> stop(daemon, SIGNALLED + TERM));
    Signals.on("INT", () -> stop(daemon, SIGNALLED + INT));
  }

  private static void stop(Daemon daemon, int codeIfNow) {
    if (daemon.isStopping()) {
      Runtime.getRuntime().halt(codeIfNow);
    }
    daemon.stop();
  }
}
