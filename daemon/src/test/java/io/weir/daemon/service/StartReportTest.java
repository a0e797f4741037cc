package io.weir.daemon.service;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.status.ProxyStatus;
import io.weir.core.status.ProxyStatus.BackendStatus;
import io.weir.core.status.ProxyStatus.ListenerStatus;
import io.weir.core.status.ProxyStatus.PoolStatus;
import io.weir.daemon.cli.BuildInfo;
import io.weir.daemon.config.ConfigLoader;
import io.weir.daemon.config.ConfigSource;
import io.weir.daemon.config.Loading;
import io.weir.daemon.config.WeirConfig;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class StartReportTest {
  private static final WeirConfig CONFIG = config();

  private static WeirConfig config() {
    ConfigLoader loader = ConfigSource.loader(name -> null);
    String text = "version: 1\nlisteners: { web: { bind: \":80\" } }\nroutes: [{ respond: {} }]\n";
    return ((Loading.Loaded) loader.load(Path.of("weir.yaml"), text)).config();
  }

  private static List<String> lines(int size, OptionalLong files) {
    ProxyStatus status =
        new ProxyStatus(
            1,
            "epoll",
            "BoringSSL",
            1,
            false,
            IntStream.range(0, size)
                .mapToObj(i -> new ListenerStatus("l" + i, "http", i == 0, List.of("a:" + i), 0))
                .toList(),
            List.of(),
            IntStream.range(0, size)
                .mapToObj(i ->
                    new PoolStatus(
                        "p" + i,
                        "random",
                        List.of(new BackendStatus("b:" + i, 1, false, true, 0, null))))
                .toList(),
            List.of());
    return new StartReport(new BuildInfo("1.0", "abc"), "weir.yaml", "0a1b", CONFIG)
        .lines(status, List.of("http://127.0.0.1:9717/"), files, "3, kept in /x/bans");
  }

  @Test
  void aSmallConfigurationIsShownWhole() {
    assertThat(lines(2, OptionalLong.of(1_000_000)))
        .containsExactly(
            "Weir 1.0, Java " + Runtime.version() + ", weir.yaml 0a1b",
            "listeners: l0 a:0 (http tls), l1 a:1 (http)",
            "backends: p0 b:0 (random), p1 b:1 (random)",
            "routes: 1, firewall rules: 0",
            "transport: epoll, 1 worker, TLS: BoringSSL",
            "limits: 200000 connections, 1000000 files",
            "bans: 3, kept in /x/bans",
            "admin: http://127.0.0.1:9717/");
  }

  @Test
  void aLargeOneIsCountedAndStaysShort() {
    List<String> lines = lines(100, OptionalLong.empty());
    assertThat(lines).hasSizeLessThanOrEqualTo(10);
    assertThat(lines.get(1)).endsWith("l5 a:5 (http) and 94 more");
    assertThat(lines.get(2)).endsWith("p5 b:5 (random) and 94 more");
  }

  @Test
  void tooFewFilesForTheConnectionsIsPointedOut() {
    assertThat(lines(1, OptionalLong.of(1024)))
        .contains(
            "limits: 200000 connections, 1024 files"
                + " (enough for 512: raise LimitNOFILE or ulimit -n)");
  }

  @Test
  void thisProcessHasALimit() {
    assertThat(FileLimit.read()).isPresent();
  }
}
