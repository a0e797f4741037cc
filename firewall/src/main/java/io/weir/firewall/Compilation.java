package io.weir.firewall;

import io.weir.firewall.problem.FirewallProblem;
import java.util.List;

/** What compiling gives: a firewall, or every reason why not. */
public sealed interface Compilation {
  /** It can be put to work; the warnings name rules that do less than they seem to. */
  record Compiled(Firewall firewall, List<FirewallProblem> warnings) implements Compilation {
    public Compiled {
      warnings = List.copyOf(warnings);
    }
  }

  /** At least one problem: nothing of it is put to work. */
  record Rejected(List<FirewallProblem> problems) implements Compilation {
    public Rejected {
      problems = List.copyOf(problems);
    }
  }
}
