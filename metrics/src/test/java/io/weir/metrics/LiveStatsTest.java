package io.weir.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class LiveStatsTest {
  private static final long SECOND = 1_000_000_000L;
  private static final long MILLI = 1_000_000L;

  private final Metrics metrics = new Metrics(2);
  private final LiveStats stats = new LiveStats(metrics);

  /** What one configuration registers and its workers write to. */
  private record Site(
      int total, int web, int shop, int pool, int backend, int http, int duration, int ok) {}

  private Site site(MetricsGeneration g) {
    Site site =
        new Site(
            g.latency(LatencyScope.TOTAL),
            g.latency(LatencyScope.LISTENER, "web"),
            g.latency(LatencyScope.ROUTE, "shop"),
            g.latency(LatencyScope.POOL, "p"),
            g.latency(LatencyScope.BACKEND, "p", "a"),
            g.counter(MetricName.HTTP_REQUESTS_BY_PROTOCOL, "web", "http/1.1"),
            g.histogram(MetricName.HTTP_REQUEST_DURATION, "shop"),
            g.counter(MetricName.POOL_REQUESTS, "p", "a", "2xx"));
    metrics.publish(g);
    return site;
  }

  private void serve(Site site, int worker, int requests) {
    WorkerCounters counters = metrics.worker(worker);
    WorkerLatency latency = metrics.latency(worker);
    for (int i = 0; i < requests; i++) {
      latency.record(site.total(), 3 * MILLI);
      latency.record(site.web(), 3 * MILLI);
      latency.record(site.shop(), 3 * MILLI);
      latency.record(site.pool(), 2 * MILLI);
      counters.observe(Buckets.DURATION, site.backend(), 2 * MILLI);
      counters.increment(site.http());
      counters.observe(Buckets.DURATION, site.duration(), 3 * MILLI);
      counters.increment(site.ok());
    }
  }

  @Test
  void everythingHasItsRatesAndPercentiles() {
    Site site = site(metrics.nextGeneration());
    stats.tick(0);
    serve(site, 0, 30);
    serve(site, 1, 12);
    stats.tick(SECOND);
    assertThat(stats.read()).extracting(LiveStat::scope).containsExactly(LatencyScope.values());
    for (LiveStat stat : stats.read()) {
      assertThat(stat.qps1s()).as("%s", stat).isEqualTo(42);
      assertThat(stat.qps10s()).as("%s", stat).isEqualTo(42);
      assertThat(stat.qps60s()).as("%s", stat).isEqualTo(42);
      assertThat(stat.latency().count()).as("%s", stat).isEqualTo(42);
      assertThat(stat.latency().p50()).as("%s", stat).isBetween(MILLI, 4 * MILLI);
    }
  }

  @Test
  void answersOf500AndAboveAreAShareOfAllOnEveryLevel() {
    MetricsGeneration g = metrics.nextGeneration();
    int cells = g.requests("web", "shop");
    int broken = g.counter(MetricName.POOL_REQUESTS, "p", "a", "5xx");
    Site site = site(g);
    stats.tick(0);
    serve(site, 0, 30);
    WorkerCounters counters = metrics.worker(1);
    for (int i = 0; i < 30; i++) {
      counters.request(cells, MethodLabel.index("GET"), CodeLabel.index(i < 20 ? 404 : 200));
    }
    for (int status : new int[] {500, 503, 511}) {
      counters.request(cells, MethodLabel.index("POST"), CodeLabel.index(status));
    }
    counters.add(broken, 3);
    stats.tick(SECOND);
    for (LiveStat stat : stats.read()) {
      // The pool's answers are counted by class: 30 good ones and the 3.
      boolean byClass = stat.scope() == LatencyScope.POOL || stat.scope() == LatencyScope.BACKEND;
      assertThat(stat.errorRatio()).as("%s", stat).isEqualTo(byClass ? 3 / 33.0 : 3 / 30.0);
    }
  }

  @Test
  void aReloadIsNeitherABurstNorAGap() {
    Site site = site(metrics.nextGeneration());
    MetricsGeneration withAdmin = metrics.nextGeneration();
    int admin = withAdmin.counter(MetricName.HTTP_REQUESTS_BY_PROTOCOL, "admin", "http/1.1");
    metrics.worker(0).add(admin, 1_000_000); // counted before it was last removed
    stats.tick(0);
    serve(site, 0, 10);
    stats.tick(SECOND);

    site(withAdmin);
    serve(site, 0, 10);
    stats.tick(2 * SECOND);
    assertThat(total().qps1s()).isEqualTo(10);

    metrics.worker(0).add(admin, 5);
    serve(site, 0, 10);
    stats.tick(3 * SECOND);
    assertThat(total().qps1s()).as("the new listener counts").isEqualTo(15);

    site(metrics.nextGeneration());
    serve(site, 0, 10);
    stats.tick(4 * SECOND);
    assertThat(total().qps1s()).isEqualTo(10);
    assertThat(total().qps10s()).isEqualTo(45.0 / 4);
  }

  private LiveStat total() {
    return stats.read().getFirst();
  }

  @Test
  void whatAReloadRemovesIsNoLongerListed() {
    site(metrics.nextGeneration());
    stats.tick(0);
    metrics.publish(metrics.nextGeneration());
    stats.tick(SECOND);
    assertThat(stats.read()).isEmpty();
  }

  @Test
  void aRelayListenerWithoutRequestsHasNoRate() {
    metrics.permanent().latency(LatencyScope.LISTENER, "database");
    stats.tick(0);
    stats.tick(SECOND);
    assertThat(stats.read())
        .containsExactly(
            new LiveStat(
                LatencyScope.LISTENER, List.of("database"), 0, 0, 0, 0, LatencySummary.NOTHING));
  }
}
