package io.weir.daemon.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.weir.daemon.shared.RedisProcess;
import io.weir.firewall.address.Cidr;
import io.weir.tls.CertificatePem;
import io.weir.tls.SelfSigned;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A Redis that asks for TLS, a user or a password, or is not there. */
class SharedStateAccessTest {
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final Cidr ONE = Cidr.parse("192.0.2.7");

  /** What the reference says that a user needs, and somebody who may look at what was refused. */
  private static final String ACL =
      """
      user default off
      user watcher on >w4tches +acl|log
      user weir on >s3cret ~weir:* +evalsha +script|load +get +set +mget +scan +pttl +time +xadd +xread +xrevrange
      """;

  @TempDir private Path folder;

  private DaemonUnderTest start(String name, String shared) throws IOException, CannotStart {
    return DaemonUnderTest.start(
        Files.createDirectories(folder.resolve(name)),
        """
        version: 1
        listeners: { web: { bind: "127.0.0.1:0" } }
        firewall:
          rules:
            - { name: few, match: { path: /few }, action: { limit: { key: ip, rate: 2/d } } }
        routes: [{ respond: { status: 200 } }]
        admin: { bind: "127.0.0.1:0" }
        shared_state: { %s }
        """
            .formatted(shared));
  }

  private static void up(DaemonUnderTest daemon, int expected) {
    await()
        .atMost(SOON)
        .until(() -> daemon.page("/metrics").contains("weir_shared_state_up " + expected + ".0"));
  }

  private static CertificatePem certificate() {
    return SelfSigned.create(
        List.of("localhost"), Duration.ofDays(1), Instant.now(), new SecureRandom());
  }

  /** That limits and bans of one are those of the other. */
  private static void share(DaemonUnderTest a, DaemonUnderTest b) throws Exception {
    up(a, 1);
    up(b, 1);
    a.daemon()
        .operations()
        .bans()
        .add(ONE, Duration.ofHours(1), "by hand", System.currentTimeMillis());
    await()
        .atMost(SOON)
        .until(() ->
            b.daemon().operations().bans().isBanned(ONE.network(), System.currentTimeMillis()));
    assertThat(a.get("/few").statusCode()).isEqualTo(200);
    assertThat(b.get("/few").statusCode()).isEqualTo(200);
    await().atMost(SOON).until(() -> a.get("/few").statusCode() == 429);
    await().atMost(SOON).until(() -> b.get("/few").statusCode() == 429);
  }

  /** What somebody wanted to do, or who to be, and must not; by the name of each. */
  private static String refused(RedisProcess redis, String... more) throws IOException {
    Stream<String> watcher = Stream.of("--user", "watcher", "-a", "w4tches", "--no-auth-warning");
    return redis.says(
        Stream.of(Stream.of(more), watcher, Stream.of("acl", "log"))
            .flatMap(words -> words)
            .toArray(String[]::new));
  }

  @Test
  void overTlsAsAUserWhoMayDoNoMoreThanTheReferenceSays() throws Exception {
    CertificatePem pem = certificate();
    Files.writeString(folder.resolve("users.acl"), ACL);
    Path password = Files.writeString(folder.resolve("password"), "s3cret\n");
    try (RedisProcess redis = RedisProcess.startTls(folder, pem, "--aclfile", "users.acl")) {
      String shared =
          "redis: \"rediss://localhost:%d/0\", ca_file: %s, user: weir, password_file: %s"
              .formatted(redis.port(), folder.resolve("redis.pem"), password);
      try (DaemonUnderTest a = start("a", shared);
          DaemonUnderTest b = start("b", shared)) {
        share(a, b);
        assertThat(refused(redis, "--tls", "--cacert", "redis.pem", "-h", "localhost")).isEmpty();
      }
      Path wrong = Files.writeString(folder.resolve("wrong"), "S3cret");
      try (DaemonUnderTest c = start("c", shared.replace(password.toString(), wrong.toString()));
          DaemonUnderTest d = start("d", shared)) {
        up(d, 1);
        servesAlone(c);
      }
    }
  }

  @Test
  void anotherDatabaseThanTheFirstWantsOneCommandMore() throws Exception {
    String lesser = ACL.lines().skip(2).findFirst().orElseThrow();
    String user = lesser.replace("user weir", "user chooser") + " +select";
    Files.writeString(folder.resolve("users.acl"), ACL + user + "\n");
    Path password = Files.writeString(folder.resolve("password"), "s3cret");
    try (RedisProcess redis = RedisProcess.start(folder, "--aclfile", "users.acl")) {
      String shared =
          "redis: \"redis://%s/1\", user: chooser, password_file: %s"
              .formatted(redis.address(), password);
      try (DaemonUnderTest a = start("a", shared);
          DaemonUnderTest b = start("b", shared);
          DaemonUnderTest c = start("c", shared.replace("chooser", "weir"))) {
        share(a, b);
        await().atMost(SOON).until(() -> refused(redis).contains("select")); // to the third
        assertThat(refused(redis)).doesNotContain("chooser");
        servesAlone(c);
      }
    }
  }

  @Test
  void aServerWhoseCertificateNobodyVouchesForIsNotSpokenTo() throws Exception {
    Path other = Files.writeString(folder.resolve("other.pem"), certificate().certificate());
    try (RedisProcess redis = RedisProcess.startTls(folder, certificate())) {
      String address = "redis: \"rediss://localhost:" + redis.port() + "/0\"";
      String byAddress = address.replace("localhost", "127.0.0.1");
      String right = ", ca_file: " + folder.resolve("redis.pem");
      try (DaemonUnderTest a = start("a", address + ", ca_file: " + other);
          DaemonUnderTest b = start("b", address);
          DaemonUnderTest c = start("c", byAddress + right);
          DaemonUnderTest d = start("d", address + right)) {
        up(d, 1); // the others have been at it for longer
        servesAlone(a);
        servesAlone(b);
        servesAlone(c); // the certificate is for the name
      }
    }
  }

  @Test
  void aPasswordIsEnoughForTheDefaultUser() throws Exception {
    Path password = Files.writeString(folder.resolve("password"), "  s3cret\n");
    try (RedisProcess redis = RedisProcess.start(folder, "--requirepass", "s3cret")) {
      String address = "redis: \"" + redis.address() + "\"";
      try (DaemonUnderTest a = start("a", address);
          DaemonUnderTest b = start("b", address + ", password_file: " + password)) {
        up(b, 1);
        servesAlone(a);
      }
    }
  }

  @Test
  void whoStartsWhileThereIsNoneServesWithLimitsOfItsOwnUntilThereIs() throws Exception {
    try (RedisProcess redis = RedisProcess.start(folder)) {
      redis.stop();
      String address = "redis: \"" + redis.address() + "\"";
      try (DaemonUnderTest a = start("a", address);
          DaemonUnderTest b = start("b", address)) {
        up(a, 0);
        assertThat(a.get("/").statusCode()).isEqualTo(200);
        redis.restart();
        share(a, b);
      }
    }
  }

  /** That it shares nothing, and goes on by itself. */
  private static void servesAlone(DaemonUnderTest daemon) throws Exception {
    assertThat(daemon.page("/metrics")).contains("weir_shared_state_up 0.0");
    assertThat(daemon.get("/few").statusCode()).isEqualTo(200);
    assertThat(daemon.get("/few").statusCode()).isEqualTo(200);
    assertThat(daemon.get("/few").statusCode()).as("limits go on").isEqualTo(429);
  }
}
