package io.weir.firewall.ban;

import java.util.HashMap;
import java.util.Map;

/** How many bans began and ended for each reason since somebody asked; the writer's. */
final class Turnover {
  private static final BanTurnover ONE_ADDED = new BanTurnover(1, 0);
  private static final BanTurnover ONE_EXPIRED = new BanTurnover(0, 1);

  private Map<String, BanTurnover> byReason = new HashMap<>();

  void added(String reason) {
    byReason.merge(reason, ONE_ADDED, BanTurnover::plus);
  }

  void expired(String reason) {
    byReason.merge(reason, ONE_EXPIRED, BanTurnover::plus);
  }

  /** What there was, and begins anew. */
  Map<String, BanTurnover> take() {
    Map<String, BanTurnover> taken = byReason;
    byReason = new HashMap<>();
    return taken;
  }
}
