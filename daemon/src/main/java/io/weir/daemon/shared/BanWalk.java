package io.weir.daemon.shared;

import io.weir.firewall.ban.BanChange;
import io.weir.firewall.ban.BanTable;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** Goes through all bans that hold, some at a time: a million of them at once would be 100 MB. */
final class BanWalk {
  private final BanTable bans;
  private final Deque<BanExchange.Change> read = new ArrayDeque<>();
  private int part;

  BanWalk(BanTable bans) {
    this.bans = bans;
  }

  /** The next ones; none at the end. */
  List<BanExchange.Change> next(int most, long epochMillis) {
    while (read.size() < most && part < bans.parts()) {
      bans.forEachOf(
          part, epochMillis, ban -> read.add(new BanExchange.Change(BanChange.made(ban))));
      part++;
    }
    List<BanExchange.Change> next = new ArrayList<>();
    while (next.size() < most && !read.isEmpty()) {
      next.add(read.remove());
    }
    return next;
  }
}
