package io.weir.daemon.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.firewall.address.Cidr;
import io.weir.firewall.address.ClientAddress;
import io.weir.firewall.ban.Ban;
import io.weir.firewall.ban.BanTable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class BanPageTest {
  private static final Duration HOUR = Duration.ofHours(1);

  private final BanTable table = new BanTable(new SplittableRandom(1));

  private void ban(String... all) {
    for (String clients : all) {
      table.add(Cidr.parse(clients), HOUR, "x", 0);
    }
  }

  private static List<String> shown(BanPage page) {
    return page.bans().stream().map(ban -> ban.clients().inWords()).toList();
  }

  @Test
  void bansAreInTheOrderOfTheirAddresses() {
    ban("200.0.0.1", "10.0.0.0/8", "2001:db8::/32", "10.0.0.0/16", "9.1.1.1", "fe80::1", "::1");
    assertThat(shown(BanPage.of(table, null, 10, 0)))
        .containsExactly(
            "9.1.1.1",
            "10.0.0.0/8",
            "10.0.0.0/16",
            "200.0.0.1",
            "::/64",
            "2001:db8::/32",
            "fe80::/64");
  }

  @Test
  void pagesFollowEachOtherUntilTheLastOne() {
    for (int i = 0; i < 1000; i++) {
      table.ban(ClientAddress.v4(i * 7), HOUR, "x", 0);
    }
    List<Ban> all = new ArrayList<>();
    BanPage page = BanPage.of(table, null, 300, 0);
    assertThat(page.total()).isEqualTo(1000);
    while (page.next() != null) {
      assertThat(page.bans()).hasSize(300);
      all.addAll(page.bans());
      page = BanPage.of(table, page.next(), 300, 0);
    }
    all.addAll(page.bans());
    assertThat(all).hasSize(1000).doesNotHaveDuplicates();
    assertThat(BanPage.of(table, null, 1000, 0).next()).isNull();
    assertThat(BanPage.of(table, null, 10, HOUR.toMillis()).bans()).isEmpty();
  }
}
