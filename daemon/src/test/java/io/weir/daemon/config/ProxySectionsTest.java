package io.weir.daemon.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.config.BackendConfig;
import io.weir.core.config.HealthConfig;
import io.weir.core.config.HostPort;
import io.weir.core.config.HttpProtocol;
import io.weir.core.config.KeepAliveConfig;
import io.weir.core.config.LimitsConfig;
import io.weir.core.config.ListenerConfig;
import io.weir.core.config.ListenerTlsConfig;
import io.weir.core.config.ListenerTlsConfig.ClientAuth;
import io.weir.core.config.ListenerTlsConfig.MinVersion;
import io.weir.core.config.ListenerTlsConfig.UnknownName;
import io.weir.core.config.PoolConfig;
import io.weir.core.config.PoolConfig.BalanceConfig;
import io.weir.core.config.ProxyConfig;
import io.weir.core.config.RuntimeConfig;
import io.weir.core.config.RuntimeConfig.TransportChoice;
import io.weir.core.config.TimeoutConfig;
import io.weir.daemon.config.LoggingConfig.Access;
import io.weir.daemon.config.LoggingConfig.Format;
import io.weir.daemon.config.LoggingConfig.Level;
import io.weir.firewall.address.Cidr;
import io.weir.firewall.config.StatusRange;
import io.weir.tls.CertificatePem;
import io.weir.tls.UpstreamTlsConfig;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a file says of listeners, pools and limits is what the records say. */
class ProxySectionsTest extends ConfigText {
  @Test
  void listenersAreReadInTheirModes() throws IOException {
    write("tls/a.pem", "A");
    write("tls/a.key", "K");
    write("tls/ca.pem", "CA");
    ProxyConfig proxy =
        load("""
        version: 1
        listeners:
          plain: { bind: ":80", redirect: https }
          secure:
            bind: [":443", "[::]:443"]
            protocols: [http/1.1, h2]
            tls:
              certificates: a
              unknown_name: refuse
              min_version: 1.3
              client_auth: { ca_file: tls/ca.pem, mode: optional }
          db: { bind: "10.0.0.1:3306", mode: tcp, pool: app }
          mail: { bind: ":993", mode: tcp, sni: { IMAP.foobar.com: app, "*.m.com": app } }
        certificates:
          a: { cert_file: tls/a.pem, key_file: tls/a.key }
        pools:
          app: { backends: 127.0.0.1:9001 }
        """)
            .config()
            .proxy();
    assertThat(proxy.listeners().keySet()).containsExactly("plain", "secure", "db", "mail");
    assertThat(proxy.listeners().get("plain").mode())
        .isEqualTo(new ListenerConfig.RedirectToHttps());
    assertThat(proxy.listeners().get("secure"))
        .isEqualTo(
            new ListenerConfig(
                List.of(new HostPort("", 443), new HostPort("::", 443)),
                new ListenerConfig.Http(),
                List.of(HttpProtocol.HTTP_1_1, HttpProtocol.H2),
                false,
                new ListenerTlsConfig(
                    List.of("a"),
                    UnknownName.REFUSE,
                    MinVersion.TLS_1_3,
                    new ClientAuth("CA", false),
                    null)));
    assertThat(proxy.listeners().get("db").mode()).isEqualTo(new ListenerConfig.Relay("app"));
    assertThat(proxy.listeners().get("mail").mode())
        .isEqualTo(
            new ListenerConfig.RelayByServerName(
                Map.of("imap.foobar.com", "app", "*.m.com", "app")));
    assertThat(proxy.certificates()).isEqualTo(Map.of("a", new CertificatePem("A", "K")));
  }

  @Test
  void limitsTimeoutsAndTheRestOfTheTopAreRead() {
    WeirConfig config =
        load(MINIMAL
                + """
                workers: 4
                transport: io_uring
                via: false
                limits: { connections: 1000, connections_per_ip: 10, header_size: 8KiB, headers: 50, body_size: 1GiB, min_body_rate: 2KiB/s, buffer_memory: 256MiB, requests_per_connection: 7 }
                timeouts: { header: 1s, body_idle: 2s, idle: 3m, tunnel_idle: 20m, connect: 400ms, response: 1m30s, request: 5m, tls_handshake: 6s, drain: 7s }
                trusted_proxies: [10.0.0.0/8, "::1"]
                client_ip_header: X-Real-IP
                logging: { level: debug, access: { file: access.log, format: json }, firewall: { file: firewall.log } }
                admin: { bind: "[::1]:0", socket: admin.sock }
                """)
            .config();
    assertThat(config.proxy().runtime())
        .isEqualTo(new RuntimeConfig(TransportChoice.IO_URING, 4, false));
    assertThat(config.proxy().limits())
        .isEqualTo(new LimitsConfig(1000, 10, 8192, 50, 1L << 30, 2048, 1L << 28, 7));
    assertThat(config.proxy().timeouts())
        .isEqualTo(
            new TimeoutConfig(
                Duration.ofSeconds(1),
                Duration.ofSeconds(2),
                Duration.ofMinutes(3),
                Duration.ofMinutes(20),
                Duration.ofMillis(400),
                Duration.ofSeconds(90),
                Duration.ofMinutes(5),
                Duration.ofSeconds(6),
                Duration.ofSeconds(7)));
    assertThat(config.proxy().clientAddress().trustedProxies())
        .containsExactly(Cidr.parse("10.0.0.0/8"), Cidr.parse("::1"));
    assertThat(config.proxy().clientAddress().header()).isEqualTo("x-real-ip");
    assertThat(config.logging())
        .isEqualTo(
            new LoggingConfig(
                Level.DEBUG,
                new Access(folder.resolve("access.log"), Format.JSON),
                folder.resolve("firewall.log")));
    assertThat(config.admin())
        .isEqualTo(new AdminConfig(new HostPort("::1", 0), folder.resolve("admin.sock")));
  }

  @Test
  void poolsAreRead() throws IOException {
    write("tls/ca.pem", "CA");
    write("tls/c.pem", "C");
    write("tls/c.key", "K");
    Map<String, PoolConfig> pools =
        load("""
        version: 1
        listeners: { web: { bind: ":1" } }
        pools:
          web:
            balance: least_requests
            backends:
              - 10.0.1.11:8080
              - { address: app.internal:8080, weight: 2 }
              - { address: "[::1]:8080", backup: true }
            health: { path: /healthz, host: www.foobar.com, status: [200-299, 304], every: 1s, rise: 1, fall: 4 }
            keep_alive: { idle: 2s, per_worker: 0 }
            tls: { server_name: web.internal, ca_file: tls/ca.pem, cert_file: tls/c.pem, key_file: tls/c.key }
          db: { backends: [10.0.3.1:3306], health: { type: tcp, every: 10s }, tls: true }
          plain: { backends: 10.0.3.1:80, health: { timeout: 1s }, tls: false }
        """)
            .config()
            .proxy()
            .pools();
    assertThat(pools.get("web"))
        .isEqualTo(
            new PoolConfig(
                BalanceConfig.LEAST_REQUESTS,
                List.of(
                    new BackendConfig(new HostPort("10.0.1.11", 8080), 1, false),
                    new BackendConfig(new HostPort("app.internal", 8080), 2, false),
                    new BackendConfig(new HostPort("::1", 8080), 1, true)),
                new HealthConfig(
                    new HealthConfig.Http(
                        "/healthz",
                        "www.foobar.com",
                        List.of(new StatusRange(200, 299), new StatusRange(304, 304))),
                    Duration.ofSeconds(1),
                    Duration.ofSeconds(1), // the usual 2 s would be longer than every
                    1,
                    4),
                new KeepAliveConfig(Duration.ofSeconds(2), 0),
                new UpstreamTlsConfig(
                    "web.internal",
                    "CA",
                    new CertificatePem("C", "K"),
                    true,
                    UpstreamTlsConfig.DEFAULT.alpn())));
    assertThat(pools.get("db").tls()).isEqualTo(UpstreamTlsConfig.DEFAULT);
    assertThat(pools.get("db").health())
        .isEqualTo(
            new HealthConfig(
                new HealthConfig.Tcp(), Duration.ofSeconds(10), Duration.ofSeconds(2), 2, 3));
    assertThat(pools.get("plain").tls()).isNull();
  }
}
