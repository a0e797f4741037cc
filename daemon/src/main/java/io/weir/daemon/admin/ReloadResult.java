package io.weir.daemon.admin;

import java.util.List;

/** How an attempt to load the configuration anew ended. */
public sealed interface ReloadResult {
  /**
   * It serves.
   *
   * @param notes what the operator should know, such as a key that needs a restart
   */
  record Reloaded(long generation, List<String> notes) implements ReloadResult {
    public Reloaded {
      notes = List.copyOf(notes);
    }
  }

  /**
   * The file is not valid; the old configuration serves.
   *
   * @param report all that is wrong, as {@code weir check} prints it
   */
  record Invalid(int errors, String report) implements ReloadResult {}

  /** The file is valid and cannot be put to use here; the old configuration serves. */
  record Failed(String reason) implements ReloadResult {}
}
