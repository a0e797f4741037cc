package io.weir.firewall;

import io.weir.firewall.address.ClientAddress;
import io.weir.firewall.ban.BanTable;
import io.weir.firewall.config.BanTime;

/** How rules ban: longer each time in a row. */
final class Bans {
  private Bans() {}

  static void ban(Evaluation evaluation, BanTime time, String rule, BanTable bans) {
    ClientAddress client = evaluation.client();
    long now = evaluation.epochMillis();
    bans.ban(client, time.after(bans.timesBanned(client, now)), rule, now);
  }
}
