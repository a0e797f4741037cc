package io.weir.daemon.state;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Where the daemon keeps what outlives it. */
public final class StateDirectory {
  /**
   * Set by systemd for {@code StateDirectory=}, several folders separated by colons; empty: nothing
   * is kept.
   */
  public static final String VARIABLE = "STATE_DIRECTORY";

  private static final Path USUAL = Path.of("/var/lib/weir");

  private StateDirectory() {}

  /**
   * The folder that the service manager or the operator names, else the usual one if it is ours.
   *
   * @param environment the value of a variable, or null
   */
  public static @Nullable Path find(Function<String, @Nullable String> environment) {
    String named = environment.apply(VARIABLE);
    if (named == null) {
      return Files.isWritable(USUAL) ? USUAL : null;
    }
    String first = named.split(":", 2)[0];
    return first.isEmpty() ? null : Path.of(first);
  }
}
