package io.weir.daemon.service;

import io.weir.daemon.config.FetchedList;
import io.weir.daemon.config.WeirConfig;
import io.weir.daemon.problem.Reason;
import io.weir.daemon.state.ListCopy;
import io.weir.firewall.config.FirewallConfig;
import io.weir.firewall.list.ListConfig;
import io.weir.firewall.list.ListSource;
import io.weir.firewall.problem.FirewallProblem;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Lists that a configuration names and that have not come yet: neither a reload nor a start may
 * empty a list that keeps somebody out, or lets only some in, because from now on it comes from
 * elsewhere.
 */
public final class AwaitedLists {
  private AwaitedLists() {}

  /**
   * The next configuration, where lists that are still to come hold what they hold now.
   *
   * @param notes takes what there is to say of them
   */
  static WeirConfig keep(WeirConfig next, WeirConfig current, List<String> notes) {
    FirewallConfig firewall = next.proxy().firewall();
    Map<String, ListConfig> now = current.proxy().firewall().lists();
    Map<String, ListConfig> lists = new LinkedHashMap<>();
    firewall
        .lists()
        .forEach((name, list) -> {
          ListConfig held = now.get(name);
          lists.put(
              name,
              list.source() instanceof ListSource.Awaited(String origin)
                  ? keep(name, list, origin, held, notes)
                  : list);
        });
    return with(lists, next);
  }

  /**
   * The configuration of a start, where lists that are still to come hold what came last from
   * elsewhere: while the process ran, a reload would have kept that.
   *
   * @param notes takes what there is to say of them
   */
  static WeirConfig fromCopies(WeirConfig config, List<String> notes) {
    Map<String, ListConfig> lists = new LinkedHashMap<>(config.proxy().firewall().lists());
    for (FetchedList fetched : config.fetched()) {
      lists.computeIfPresent(
          fetched.name(),
          (name, list) ->
              list.source() instanceof ListSource.Awaited(String origin)
                  ? keep(name, list, origin, copy(fetched, notes), notes)
                  : list);
    }
    return with(lists, config);
  }

  /** The same for a command, which shows what a start would do; it says so on standard error. */
  public static WeirConfig atStart(WeirConfig config) {
    List<String> notes = new ArrayList<>();
    WeirConfig started = fromCopies(config, notes);
    notes.forEach(note -> System.err.println("weir: " + note));
    return started;
  }

  private static @Nullable ListConfig copy(FetchedList list, List<String> notes) {
    Path file = list.copy();
    if (file == null) {
      return null;
    }
    try {
      ListCopy copy = ListCopy.readFromAnywhere(file, list.checksum().fixed());
      if (copy == null) {
        return null;
      }
      ListSource lines = new ListSource.Lines(file.toString(), copy.content());
      ListConfig held = new ListConfig(list.type(), lines);
      List<FirewallProblem> problems = held.read(list.name()).problems();
      if (problems.isEmpty()) {
        return held;
      }
      notes.add("lists." + list.name() + ": what it held is of no use: " + message(problems));
    } catch (IOException e) {
      notes.add("lists." + list.name() + ": what it held cannot be read: " + Reason.of(e));
    }
    return null;
  }

  private static String message(List<FirewallProblem> problems) {
    return problems.getFirst().message();
  }

  private static WeirConfig with(Map<String, ListConfig> lists, WeirConfig config) {
    FirewallConfig firewall = config.proxy().firewall();
    return lists.equals(firewall.lists())
        ? config
        : config.withProxy(config.proxy().withFirewall(firewall.withLists(lists)));
  }

  private static ListConfig keep(
      String name, ListConfig list, String origin, @Nullable ListConfig held, List<String> notes) {
    if (held == null || held.type() != list.type() || held.source() instanceof ListSource.Awaited) {
      notes.add("lists." + name + ": there is nothing in it until it has come from " + origin);
      return list;
    }
    notes.add("lists." + name + ": what it held goes on to hold until it has come from " + origin);
    return held;
  }
}
