package io.weir.daemon.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** Whether somebody watches, and whether they like colours. */
public enum Terminal {
  STDOUT(1),
  STDERR(2);

  private final Path descriptor;

  Terminal(int descriptor) {
    this.descriptor = Path.of("/proc/self/fd/" + descriptor);
  }

  /**
   * The JDK's console looks at input and output together, which tells nothing about one of them.
   */
  public boolean isWatched() {
    try {
      String target = Files.readSymbolicLink(descriptor).toString();
      return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty");
    } catch (IOException e) {
      return false;
    }
  }

  /** The convention of no-color.org, and terminals that call themselves dumb. */
  public boolean likesColour(Map<String, String> environment) {
    return isWatched()
        && environment.getOrDefault("NO_COLOR", "").isEmpty()
        && !"dumb".equals(environment.get("TERM"));
  }
}
