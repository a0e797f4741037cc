package io.weir.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.jr.ob.JSON;
import io.weir.tls.CertificatePem;
import io.weir.tls.SelfSigned;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckCommandTest {
  private static final String UNREACHABLE =
      """
      version: 1
      listeners: { web: { bind: ":8080" } }
      firewall:
        rules:
          - { name: closed, match: { path: /admin/* }, action: { deny: 403 } }
          - { name: dead, match: { path: /admin/users/* }, action: drop }
      routes: [{ respond: { status: 200 } }]
      """;

  @TempDir private Path folder;

  private CommandRun check(String text, String... more) throws IOException {
    Path file = Files.writeString(folder.resolve("weir.yaml"), text);
    String[] all = new String[more.length + 3];
    all[0] = "check";
    all[1] = "-c";
    all[2] = file.toString();
    System.arraycopy(more, 0, all, 3, more.length);
    return CommandRun.of(all);
  }

  private void write(String name, CertificatePem pem) throws IOException {
    Files.writeString(folder.resolve(name + ".pem"), pem.certificate());
    Files.writeString(folder.resolve(name + ".key"), pem.key());
  }

  private static CertificatePem certificate(Instant from) {
    return SelfSigned.create(
        List.of("www.foobar.com"), Duration.ofDays(90), from, new SecureRandom());
  }

  @Test
  void onATcpListenerNothingIsDelayedByRulesOfRequests() throws IOException {
    String text =
        """
        version: 1
        listeners:
          web: { bind: ":8080" }
          db: { bind: ":3306", mode: tcp, pool: db }
        firewall:
          rules:
            - { name: admin, match: { listener: web, path: /admin/* }, action: { deny: 403 } }
            - { name: office, match: { listener: %s, ip: 192.0.2.0/24 }, action: drop }
        pools: { db: { backends: ["127.0.0.1:3307"] } }
        routes: [{ respond: { status: 200 } }]
        """;
    assertThat(check(text.formatted("db")).err()).isEmpty();
    assertThat(check(text.formatted("web")).err())
        .contains("\"office\" needs no request, but acts when one has arrived", "1 warning");
  }

  @Test
  void aRuleThatNothingReachesIsAWarningAtItsPlace() throws IOException {
    CommandRun run = check(UNREACHABLE);
    assertThat(run.code()).isZero();
    assertThat(run.out()).isEqualTo("Configuration is valid\n");
    assertThat(run.err()).contains("weir.yaml:6:").contains("warning: ", "\"closed\"", "1 warning");
  }

  @Test
  void strictlyItIsAnError() throws IOException {
    assertThat(check(UNREACHABLE, "--strict").code()).isEqualTo(1);
    assertThat(check(UNREACHABLE.replaceAll(".*dead.*\n", ""), "--strict").code()).isZero();
  }

  @Test
  void programsAreToldTheSame() throws IOException {
    CommandRun run = check(UNREACHABLE, "--format", "json");
    assertThat(JSON.std.listFrom(run.out()))
        .singleElement()
        .asString()
        .contains("severity=warning", "line=6");
  }

  @Test
  void aCertificateThatCannotBeUsedIsNamed() throws IOException {
    Instant now = Instant.now();
    write("good", certificate(now));
    write("other", certificate(now));
    CommandRun run =
        check(
            """
            version: 1
            listeners:
              web: { bind: ":8443", tls: { certificates: [shop, mail] } }
            certificates:
              shop: { cert_file: good.pem, key_file: good.key }
              mail: { cert_file: good.pem, key_file: other.key }
            routes: [{ respond: { status: 200 } }]
            """);
    assertThat(run.code()).isEqualTo(1);
    assertThat(run.err())
        .contains("weir.yaml:6:3: the private key does not belong to the certificate")
        .endsWith("1 error\n");
  }

  @Test
  void ofFilesThatAreNotThereItIsSaidOnlyThat() throws IOException {
    CommandRun run =
        check(
            """
            version: 1
            listeners:
              web: { bind: ":8443", tls: { certificates: shop, client_auth: { ca_file: who.pem } } }
            certificates: { shop: { cert_file: no.pem, key_file: no.key } }
            pools:
              app: { backends: "127.0.0.1:1", tls: { ca_file: ca.pem, cert_file: c.pem, key_file: c.key } }
            routes: [{ pool: app }]
            """);
    assertThat(run.err().lines().filter(line -> line.startsWith(folder.toString())))
        .hasSize(6)
        .allMatch(line -> line.contains("cannot read") && line.endsWith("no such file"));
  }

  @Test
  void whatHasNotComeYetOfAListIsSaidAndIsNoWarning() throws IOException {
    String text =
        """
        version: 1
        listeners: { web: { bind: ":8080" } }
        lists: { drop: { url: "https://lists.example/drop.txt" } }
        firewall:
          rules: [{ name: listed, match: { ip: { in: drop } }, action: { deny: 403 } }]
        routes: [{ respond: { status: 200 } }]
        """;
    CommandRun run = check(text, "--strict");
    assertThat(run.code()).isZero();
    assertThat(run.err())
        .isEqualTo(
            "weir: lists.drop: there is nothing in it until it has come from"
                + " https://lists.example/drop.txt\n");
    assertThat(check(text, "--quiet").err()).isEmpty();
  }
}
