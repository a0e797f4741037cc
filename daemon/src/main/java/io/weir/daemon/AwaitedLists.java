package io.weir.daemon;

import io.weir.daemon.config.WeirConfig;
import io.weir.firewall.config.FirewallConfig;
import io.weir.firewall.list.ListConfig;
import io.weir.firewall.list.ListSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Lists that a configuration names and that have not come yet: a reload must not empty a list that
 * keeps somebody out, or lets only some in, because from now on it comes from elsewhere.
 */
final class AwaitedLists {
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
    return lists.equals(firewall.lists())
        ? next
        : next.withProxy(next.proxy().withFirewall(firewall.withLists(lists)));
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
