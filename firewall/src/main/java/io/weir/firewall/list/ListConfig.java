package io.weir.firewall.list;

import io.weir.firewall.problem.FirewallProblem;
import io.weir.firewall.problem.Problems;
import java.util.List;
import java.util.Map;

/** A named set of addresses or texts that rules refer to. */
public record ListConfig(ListType type, ListSource source) {
  /** Everything that is wrong with its entries; what compiling would find. */
  public List<FirewallProblem> problems(String name) {
    Problems problems = new Problems();
    var _ = new CompiledLists(Map.of(name, this), problems);
    return problems.found();
  }
}
