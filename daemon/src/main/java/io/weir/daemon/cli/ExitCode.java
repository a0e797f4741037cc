package io.weir.daemon.cli;

/** How a command ended, for scripts. */
public final class ExitCode {
  public static final int OK = 0;

  /** The configuration is not valid. */
  public static final int INVALID = 1;

  /** The command line is not. */
  public static final int USAGE = 2;

  /** A port, a permission or a file is missing. */
  public static final int CANNOT_START = 3;

  /** No daemon answers at the admin address, or it refused. */
  public static final int NO_ADMIN = 4;

  private ExitCode() {}
}
