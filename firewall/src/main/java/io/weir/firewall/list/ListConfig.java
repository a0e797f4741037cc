package io.weir.firewall.list;

import io.weir.firewall.problem.FirewallProblem;
import io.weir.firewall.problem.Problems;
import java.util.List;
import java.util.Map;

/** A named set of addresses or texts that rules refer to. */
public record ListConfig(ListType type, ListSource source) {
  /**
   * What reading it found.
   *
   * @param problems everything that is wrong with its entries; what compiling would find
   */
  public record Contents(int entries, List<FirewallProblem> problems) {
    public Contents {
      problems = List.copyOf(problems);
    }
  }

  /** Reads its entries, and keeps none of them. */
  public Contents read(String name) {
    Problems problems = new Problems();
    CompiledLists lists = new CompiledLists(Map.of(name, this), problems);
    return new Contents(lists.sizes().getOrDefault(name, 0), problems.found());
  }
}
