package io.weir.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.metrics.Exposition.Format;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** A large configuration, and how many series a scraper has to store for it. */
class SeriesBudgetTest {
  private static final int LISTENERS = 3;
  private static final int ROUTES = 50;
  private static final int POOLS = 20;
  private static final int BACKENDS_PER_POOL = 5;
  private static final int RULES = 100;
  private static final int LIMIT_RULES = 20; // of the rules, those that are limits
  private static final int BUDGET = 6_000;

  private final Metrics metrics = new Metrics(2);
  private final MetricsGeneration g = metrics.nextGeneration();

  @Test
  void aLargeConfigurationStaysWithinTheBudget() {
    process();
    for (int i = 0; i < LISTENERS; i++) {
      listener("listener-" + i);
    }
    for (int i = 0; i < ROUTES; i++) {
      route("route-" + i);
    }
    for (int i = 0; i < POOLS; i++) {
      pool("pool-" + i);
    }
    for (int i = 0; i < RULES; i++) {
      rule("rule-" + i, i < LIMIT_RULES);
    }
    metrics.publish(g);

    Map<String, Long> counts =
        EveryMetric.text(metrics, Format.PROMETHEUS)
            .lines()
            .filter(line -> !line.startsWith("#"))
            .collect(Collectors.groupingBy(l -> l.split("[{ ]", 2)[0], Collectors.counting()));
    assertThat(counts).doesNotContainKey("weir_http_requests_total");
    assertThat(counts.values().stream().mapToLong(n -> n).sum())
        .as("%s", counts)
        .isBetween(BUDGET / 2L, BUDGET - 1L);
  }

  private void process() {
    g.info(MetricName.BUILD_INFO, "1", "r", "25", "4.2", "epoll", "boringssl");
    for (MetricName name :
        List.of(
            MetricName.READY,
            MetricName.DRAINING,
            MetricName.CONFIG_GENERATION,
            MetricName.CONFIG_LAST_RELOAD_SUCCESSFUL,
            MetricName.CONFIG_LAST_RELOAD_SUCCESS_TIMESTAMP)) {
      g.gauge(name, () -> 1);
    }
    g.histogram(MetricName.EVENT_LOOP_LAG);
    for (String loop : List.of("0", "1", "control")) {
      g.gauge(MetricName.EVENT_LOOP_BUSY, () -> 0, loop);
      g.gauge(MetricName.EVENT_LOOP_PENDING_TASKS, () -> 0, loop);
    }
    gauges(MetricName.BUFFER_MEMORY, "direct heap");
    counters(MetricName.CONFIG_RELOADS, "ok invalid failed");
    counters(MetricName.LOG_LINES, "access firewall");
    counters(MetricName.LOG_DROPPED, "access firewall");
    for (String stage : List.of("connection", "headers", "body")) {
      g.histogram(MetricName.FIREWALL_EVALUATION, stage);
    }
    for (String list : List.of("office", "blocked", "agents")) {
      g.gauge(MetricName.LIST_ENTRIES, () -> 0, list);
      g.gauge(MetricName.LIST_LAST_LOAD_TIMESTAMP, () -> 0, list);
      g.counter(MetricName.LIST_LOAD_ERRORS, list);
    }
    gauges(MetricName.TLS_CERTIFICATE_NOT_AFTER, "foobar shop");
  }

  private void listener(String listener) {
    g.level(MetricName.CONNECTIONS, listener);
    g.gauge(MetricName.CONNECTIONS_LIMIT, () -> 0, listener);
    g.counter(MetricName.CONNECTIONS_ACCEPTED, listener);
    counters(
        MetricName.CONNECTIONS_REJECTED,
        "limit per_ip firewall ban proxy_header overload",
        listener);
    counters(MetricName.CONNECTION_BYTES, "in out", listener);
    g.histogram(MetricName.CONNECTION_DURATION, listener);
    for (String version : List.of("TLSv1.2", "TLSv1.3")) {
      counters(MetricName.TLS_HANDSHAKES, "true false", listener, version);
    }
    counters(
        MetricName.TLS_HANDSHAKE_FAILURES,
        "no_shared_cipher protocol unknown_sni client_cert timeout closed other",
        listener);
    g.histogram(MetricName.TLS_HANDSHAKE_DURATION, listener);
    counters(MetricName.HTTP_REQUESTS_BY_PROTOCOL, "http/1.0 http/1.1 http/2 http/3", listener);
    g.level(MetricName.HTTP_REQUESTS_IN_FLIGHT, listener);
    g.level(MetricName.HTTP_UPGRADED_CONNECTIONS, listener);
    g.histogram(MetricName.HTTP_OVERHEAD, listener);
    counters(
        MetricName.HTTP_ERRORS,
        "bad_request too_large denied rate_limited banned no_backend overloaded connect_failed"
            + " upstream_timeout upstream_reset upstream_refused upstream_protocol client_timeout"
            + " client_closed internal",
        listener);
    counters(
        MetricName.FIREWALL_REQUESTS,
        "allow deny limit concurrency ban drop tarpit redirect",
        listener);
  }

  private void route(String route) {
    g.requests("listener-0", route);
    g.histogram(MetricName.HTTP_REQUEST_DURATION, route);
    g.counter(MetricName.HTTP_REQUEST_BODY_BYTES, route);
    g.counter(MetricName.HTTP_RESPONSE_BODY_BYTES, route);
    g.latency(LatencyScope.ROUTE, route);
  }

  /** A pool with health checks and retries, without a queue or ejection. */
  private void pool(String pool) {
    g.histogram(MetricName.POOL_REQUEST_DURATION, pool);
    g.histogram(MetricName.POOL_FIRST_BYTE, pool);
    g.histogram(MetricName.POOL_CONNECT_DURATION, pool);
    g.histogram(MetricName.POOL_HEALTH_CHECK_DURATION, pool);
    counters(MetricName.POOL_RETRIES, "ok failed over_budget", pool);
    gauges(MetricName.POOL_BACKENDS, "up down draining", pool);
    for (int i = 0; i < BACKENDS_PER_POOL; i++) {
      backend(pool, "10.0.0." + i + ":8080");
    }
  }

  private void backend(String pool, String backend) {
    counters(MetricName.POOL_REQUESTS, "1xx 2xx 3xx 4xx 5xx", pool, backend);
    g.level(MetricName.POOL_REQUESTS_IN_FLIGHT, pool, backend);
    gauges(MetricName.POOL_CONNECTIONS, "active idle", pool, backend);
    g.counter(MetricName.POOL_CONNECTIONS_OPENED, pool, backend);
    counters(MetricName.POOL_FAILURES, "connect tls timeout reset refused protocol", pool, backend);
    counters(MetricName.POOL_BYTES, "in out", pool, backend);
    g.gauge(MetricName.BACKEND_UP, () -> 1, pool, backend);
    g.gauge(MetricName.BACKEND_WEIGHT, () -> 1, pool, backend);
    counters(MetricName.POOL_HEALTH_CHECKS, "pass fail timeout", pool, backend);
    counters(MetricName.POOL_STATE_CHANGES, "up down draining", pool, backend);
    g.latency(LatencyScope.BACKEND, pool, backend);
  }

  private void rule(String rule, boolean limit) {
    g.counter(MetricName.FIREWALL_RULE_MATCHES, rule, limit ? "limit" : "deny", "enforce");
    g.gauge(MetricName.FIREWALL_RULE_LAST_MATCH_TIMESTAMP, () -> 0, rule);
    if (limit) {
      counters(MetricName.RATE_LIMIT_REQUESTS, "passed limited", rule);
      g.gauge(MetricName.RATE_LIMIT_KEYS, () -> 0, rule);
      g.gauge(MetricName.BANS, () -> 0, rule);
      g.counter(MetricName.BANS_ADDED, rule);
      g.counter(MetricName.BANS_EXPIRED, rule);
    }
  }

  private void counters(MetricName name, String words, String... labels) {
    for (String word : words.split(" ")) {
      g.counter(name, with(labels, word));
    }
  }

  private void gauges(MetricName name, String words, String... labels) {
    for (String word : words.split(" ")) {
      g.gauge(name, () -> 0, with(labels, word));
    }
  }

  private static String[] with(String[] labels, String last) {
    String[] all = Arrays.copyOf(labels, labels.length + 1);
    all[labels.length] = last;
    return all;
  }
}
