package io.weir.daemon.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** Whether somebody watches the standard error, and whether they like colours. */
public final class Terminal {
  private static final Path STDERR = Path.of("/proc/self/fd/2");

  private Terminal() {}

  /**
   * The JDK's console looks at input and output together, which tells nothing about one of them.
   */
  public static boolean isWatched() {
    try {
      String target = Files.readSymbolicLink(STDERR).toString();
      return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty");
    } catch (IOException e) {
      return false;
    }
  }

  /** The convention of no-color.org, and terminals that call themselves dumb. */
  public static boolean likesColour(Map<String, String> environment) {
    return isWatched()
        && environment.getOrDefault("NO_COLOR", "").isEmpty()
        && !"dumb".equals(environment.get("TERM"));
  }
}
