package io.weir.daemon.service;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.daemon.config.rule.MmdbWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rules by country and by network, from files of the operator's, over real sockets. */
class CountriesTest {
  private static final String TEXT =
      """
      version: 1
      trusted_proxies: [127.0.0.1]
      listeners: { web: { bind: "127.0.0.1:0" } }
      firewall:
        databases: { country: countries.mmdb, asn: networks.mmdb }
        rules:
          - { name: not-here, match: { country: [DE, FR], path: /* }, action: { deny: 451 } }
          - { name: hosters, match: { asn: [AS64496, 64511] }, action: { deny: 403 } }
          - { name: home, match: { path: /home, not: { country: JP } }, action: { deny: 406 } }
      routes:
        - { match: { path: /shop, country: JP }, respond: { status: 201 } }
        - { match: { path: /shop, any: [{ asn: 64499 }, { country: AT }] }, respond: { status: 202 } }
        - { respond: { status: 200 } }
      admin: { bind: "127.0.0.1:0" }
      """;

  @TempDir private Path folder;

  @BeforeEach
  void write() throws IOException {
    put(
        "countries.mmdb",
        new MmdbWriter()
            .add("192.0.2.0/25", MmdbWriter.country("DE"))
            .add("192.0.2.128/25", MmdbWriter.country("JP"))
            .add("2001:db8:1::/48", MmdbWriter.country("FR")));
    put(
        "networks.mmdb",
        new MmdbWriter()
            .add("198.51.100.0/24", Map.of("autonomous_system_number", 64496))
            .add("203.0.113.0/24", Map.of("autonomous_system_number", 64499)));
  }

  @Test
  void aBrokenDatabaseLeavesWhatTheOldOneSaidAndIsCounted() throws Exception {
    try (DaemonUnderTest daemon = DaemonUnderTest.start(folder, TEXT)) {
      Path next = Files.writeString(folder.resolve("countries.mmdb.next"), "no database\n");
      Files.move(next, folder.resolve("countries.mmdb"), StandardCopyOption.REPLACE_EXISTING);
      Awaitility.await("its refusal")
          .atMost(Duration.ofSeconds(30))
          .until(() -> failures(daemon, "country:DE") == 1);
      assertThat(failures(daemon, "country:FR")).isEqualTo(1);
      assertThat(failures(daemon, "asn:64496")).isZero();
      assertThat(daemon.daemon().operations().process().lastReload()).startsWith("not valid");
      assertThat(status(daemon, "192.0.2.7", "/")).isEqualTo(451);
      put(
          "networks.mmdb",
          new MmdbWriter().add("203.0.113.0/24", Map.of("autonomous_system_number", 64496)));
      Awaitility.await("the other database")
          .atMost(Duration.ofSeconds(30))
          .until(() -> status(daemon, "203.0.113.1", "/") == 403);
      assertThat(status(daemon, "192.0.2.7", "/")).as("as it was").isEqualTo(451);
      put("countries.mmdb", new MmdbWriter().add("192.0.2.128/25", MmdbWriter.country("FR")));
      Awaitility.await("one that is whole")
          .atMost(Duration.ofSeconds(30))
          .until(() -> status(daemon, "192.0.2.200", "/") == 451);
      assertThat(daemon.daemon().operations().process().lastReload()).isEqualTo("ok");
    }
  }

  private static int failures(DaemonUnderTest daemon, String list) throws Exception {
    String sample = "weir_list_load_errors_total{list=\"" + list + "\"} ";
    return daemon
        .page("/metrics")
        .lines()
        .filter(line -> line.startsWith(sample))
        .mapToInt(line -> (int) Double.parseDouble(line.substring(sample.length())))
        .sum();
  }

  @Test
  void routesAskWhereClientsAreToo() throws Exception {
    try (DaemonUnderTest daemon = DaemonUnderTest.start(folder, TEXT)) {
      assertThat(status(daemon, "192.0.2.200", "/shop")).isEqualTo(201);
      assertThat(status(daemon, "203.0.113.9", "/shop")).isEqualTo(202);
      assertThat(status(daemon, "10.9.9.9", "/shop")).isEqualTo(200);
      assertThat(status(daemon, "192.0.2.7", "/shop")).as("rules come first").isEqualTo(451);
      assertThat(daemon.page("/metrics")).contains("weir_list_entries{list=\"country:AT\"} 0.0");
    }
  }

  private void put(String name, MmdbWriter database) throws IOException {
    Path next = Files.write(folder.resolve(name + ".next"), database.bytes());
    Files.move(next, folder.resolve(name), StandardCopyOption.REPLACE_EXISTING);
  }

  private static int status(DaemonUnderTest daemon, String client, String path) throws Exception {
    return daemon.get(path, "x-forwarded-for", client).statusCode();
  }

  @Test
  void clientsAreJudgedByWhereTheyAreAndAgainWhenTheFileChanges() throws Exception {
    try (DaemonUnderTest daemon = DaemonUnderTest.start(folder, TEXT)) {
      assertThat(status(daemon, "192.0.2.7", "/")).isEqualTo(451);
      assertThat(status(daemon, "2001:db8:1::7", "/")).isEqualTo(451);
      assertThat(status(daemon, "192.0.2.200", "/")).isEqualTo(200);
      assertThat(status(daemon, "192.0.2.200", "/home")).isEqualTo(200);
      assertThat(status(daemon, "203.0.113.1", "/home")).as("nobody knows where").isEqualTo(406);
      assertThat(status(daemon, "198.51.100.1", "/")).isEqualTo(403);
      assertThat(status(daemon, "203.0.113.1", "/")).isEqualTo(200);
      assertThat(daemon.page("/metrics")).contains("weir_list_entries{list=\"country:DE\"} 1.0");
      put("countries.mmdb", new MmdbWriter().add("192.0.2.128/25", MmdbWriter.country("FR")));
      Awaitility.await("the new database")
          .atMost(Duration.ofSeconds(30))
          .until(() -> status(daemon, "192.0.2.200", "/") == 451);
      assertThat(status(daemon, "192.0.2.7", "/")).isEqualTo(200);
    }
  }
}
