package io.weir.daemon.config;

import io.weir.daemon.problem.Problem;
import java.util.List;

/** Where a file says that Weir hears commands, whatever else is wrong with the file. */
public sealed interface AdminLookup {
  /** It says so, or leaves it at the usual place. */
  record Known(AdminConfig admin) implements AdminLookup {}

  /**
   * It cannot be read as far as that takes.
   *
   * @param problems all that reading found, in the order of the files
   */
  record Unknown(List<Problem> problems) implements AdminLookup {
    public Unknown {
      problems = List.copyOf(problems);
    }
  }
}
