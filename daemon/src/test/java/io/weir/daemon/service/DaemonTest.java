package io.weir.daemon.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.weir.daemon.admin.ReloadResult;
import io.weir.daemon.config.ConfigSource;
import io.weir.daemon.config.Loading;
import io.weir.daemon.systemd.ServiceManager;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DaemonTest {
  private static final String VALID =
      """
      version: 1
      timeouts: { drain: 1s }
      listeners: { web: { bind: "127.0.0.1:0" } }
      pools: { app: { backends: ["127.0.0.1:1", "127.0.0.1:2"] } }
      routes: [{ pool: app }]
      admin: { bind: "127.0.0.1:0" }
      """;

  @TempDir private Path folder;

  private ConfigSource source(String text) throws IOException {
    return ConfigSource.file(Files.writeString(folder.resolve("weir.yaml"), text));
  }

  private static Loading.Loaded read(ConfigSource source) {
    return (Loading.Loaded) source.load();
  }

  private Daemon start(String text, Map<String, String> environment)
      throws IOException, CannotStart {
    ConfigSource source = source(text);
    return new Daemon(source, read(source), environment);
  }

  @Test
  void theServiceManagerHearsTheWholeLife() throws Exception {
    try (ServiceManager manager = new ServiceManager(folder.resolve("notify").toString())) {
      Map<String, String> environment = new HashMap<>(manager.environment());
      environment.put("WATCHDOG_USEC", "300000");
      try (Daemon daemon = start(VALID, environment)) {
        String first = manager.hears();
        while (first.equals("WATCHDOG=1")) { // it is fed from the moment that it is there
          first = manager.hears();
        }
        assertThat(first).isEqualTo("READY=1\nSTATUS=0.0 requests per second, 2 of 2 backends up");
        hears(manager, "WATCHDOG=1");
        hears(manager, "STATUS=0.0 requests per second, 2 of 2 backends up");

        assertThat(daemon.operations().reload().get()).isInstanceOf(ReloadResult.Reloaded.class);
        hears(manager, "RELOADING=1\nMONOTONIC_USEC=[0-9]+");
        hears(manager, "READY=1\nSTATUS=.*");

        daemon.stop();
        daemon.runUntilStopped();
        hears(manager, "STOPPING=1\nSTATUS=draining");
      }
    }
  }

  /** Passes over what comes in between by the clock. */
  private static void hears(ServiceManager manager, String pattern) throws InterruptedException {
    String message = manager.hears();
    while (!message.matches(pattern)) {
      assertThat(message).matches("WATCHDOG=1|STATUS=.*");
      message = manager.hears();
    }
  }

  private static List<String> notesOf(Daemon daemon) throws Exception {
    return daemon.operations().reload().get()
            instanceof ReloadResult.Reloaded(long _, List<String> notes)
        ? notes
        : List.of("not reloaded");
  }

  @Test
  void aReloadTellsWhatNeedsARestart() throws Exception {
    String changed =
        VALID.replace("admin: {", "admin: { socket: admin.sock,")
            + """
            workers: 3
            transport: nio
            logging: { level: warn, access: { file: access.log }, firewall: { file: firewall.log } }
            via: false
            """;
    try (Daemon daemon = start(VALID, Map.of())) {
      source(changed);
      List<String> all =
          Stream.of("workers", "transport", "admin", "logging.access", "logging.firewall")
              .map(key -> key + " changed: it takes effect at the next start")
              .toList();
      assertThat(notesOf(daemon)).isEqualTo(all);
      assertThat(notesOf(daemon)).as("it still runs as it was started").isEqualTo(all);
      source(VALID);
      assertThat(notesOf(daemon)).as("what runs is what is written").isEmpty();
      assertThat(daemon.operations().process().lastReload()).isEqualTo("ok");
    }
  }

  @Test
  void aListThatHoldsNothingAnyMoreIsSaid() throws Exception {
    Path blocked = Files.writeString(folder.resolve("blocked.txt"), "192.0.2.1\n192.0.2.2\n");
    String listed = VALID + "lists: { blocked: { file: blocked.txt }, other: [] }\n";
    try (Daemon daemon = start(listed, Map.of())) {
      source(VALID + "lists: { blocked: [192.0.2.1], other: [] }\n");
      assertThat(notesOf(daemon)).isEmpty();
      Files.writeString(blocked, "");
      source(listed);
      assertThat(notesOf(daemon))
          .containsExactly("lists.blocked: there is nothing in it any more, it had 1");
    }
  }

  @Test
  void whatFailsToReloadIsKeptInMind() throws Exception {
    try (Daemon daemon = start(VALID, Map.of())) {
      String hash = daemon.operations().process().configHash();
      source("version: 1\nnonsense: true\n");
      assertThat(daemon.operations().reload().get())
          .isInstanceOfSatisfying(
              ReloadResult.Invalid.class,
              invalid -> assertThat(invalid.report()).contains("weir.yaml:2:1: "));
      assertThat(daemon.operations().process().lastReload()).startsWith("not valid: ");
      assertThat(daemon.operations().process().configHash()).isEqualTo(hash);

      try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
        source(VALID.replaceFirst("127.0.0.1:0", "127.0.0.1:" + taken.getLocalPort()));
        assertThat(daemon.operations().reload().get())
            .isInstanceOfSatisfying(
                ReloadResult.Failed.class,
                failed ->
                    assertThat(failed.reason())
                        .contains("weir.yaml:3:", "127.0.0.1:" + taken.getLocalPort()));
      }
      assertThat(daemon.operations().process().ready()).isTrue();
      assertThat(daemon.operations().proxy().generation()).isEqualTo(1);
    }
  }

  @Test
  void aStartThatFailsLeavesNothingListening() throws Exception {
    InetAddress own = InetAddress.getByName("127.0.0.87"); // nobody else is given a port of it
    int web;
    try (ServerSocket free = new ServerSocket(0, 1, own)) {
      web = free.getLocalPort();
    }
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String text =
          VALID
              .replaceFirst("127.0.0.1:0", "127.0.0.87:" + web)
              .replace("127.0.0.1:0", "127.0.0.1:" + taken.getLocalPort());
      assertThatThrownBy(() -> start(text, Map.of()))
          .isInstanceOf(CannotStart.class)
          .hasMessageContaining("admin.bind: 127.0.0.1:" + taken.getLocalPort());
    }
    try (ServerSocket again = new ServerSocket(web, 1, own)) {
      assertThat(again.isBound()).isTrue();
    }
  }

  @Test
  void everyAddressOfBothFamiliesIsBoundOnceHoweverItIsSaid() throws Exception {
    assumeTrue(hasIpv6(), "this machine has no IPv6");
    try (Daemon daemon = startsOnBothFamilies()) {
      List<String> bound = daemon.operations().proxy().listeners().getFirst().addresses();
      assertThat(bound).hasSize(1);
      int port = Integer.parseInt(bound.getFirst().replaceFirst(".*:", ""));
      for (String local : List.of("127.0.0.1", "::1")) {
        try (Socket client = new Socket(local, port)) {
          assertThat(client.isConnected()).isTrue();
        }
      }
    }
  }

  private static boolean hasIpv6() {
    try (ServerSocket local = new ServerSocket(0, 1, InetAddress.getByName("::1"))) {
      return local.isBound();
    } catch (IOException e) {
      return false;
    }
  }

  /** A port that was free may be taken by another process before it is bound: then the next. */
  private Daemon startsOnBothFamilies() throws IOException, CannotStart {
    CannotStart last = null;
    for (int i = 0; i < 10; i++) {
      int port;
      try (ServerSocket free = new ServerSocket(0)) {
        port = free.getLocalPort();
      }
      String both = "[\":%1$d\", \"0.0.0.0:%1$d\", \"[::]:%1$d\"]".formatted(port);
      try {
        return start(VALID.replaceFirst("\"127.0.0.1:0\"", both), Map.of());
      } catch (CannotStart e) {
        last = e;
      }
    }
    throw last;
  }
}
