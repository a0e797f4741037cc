package io.weir.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class MetricsGenerationTest {
  private final Metrics metrics = new Metrics(2);

  @Test
  void theSameSeriesGetsTheSameSlotForEver() {
    MetricsGeneration first = metrics.nextGeneration();
    int web = first.counter(MetricName.CONNECTIONS_ACCEPTED, "web");
    int api = first.counter(MetricName.CONNECTIONS_ACCEPTED, "api");
    int webDuration = first.histogram(MetricName.CONNECTION_DURATION, "web");
    int webRequests = first.requests("web", "shop");
    int webLatency = first.latency(LatencyScope.LISTENER, "web");
    metrics.publish(first);

    MetricsGeneration second = metrics.nextGeneration();
    assertThat(second.latency(LatencyScope.LISTENER, "web")).isEqualTo(webLatency);
    assertThat(second.requests("web", "shop")).isEqualTo(webRequests);
    assertThat(second.histogram(MetricName.CONNECTION_DURATION, "web")).isEqualTo(webDuration);
    assertThat(second.counter(MetricName.CONNECTIONS_ACCEPTED, "api")).isEqualTo(api);
    assertThat(second.counter(MetricName.CONNECTIONS_ACCEPTED, "web")).isEqualTo(web);
    assertThat(second.counter(MetricName.CONNECTIONS_ACCEPTED, "new")).isNotIn(web, api);
  }

  @Test
  void noTwoSeriesShareACellAndNoHistogramCrossesAChunk() {
    SplittableRandom random = Seed.random();
    MetricsGeneration generation = metrics.nextGeneration();
    Map<Integer, String> owners = new HashMap<>();
    for (int i = 0; i < 3_000; i++) {
      String name = "n" + random.nextInt(2_000);
      String what;
      int base;
      int cells;
      switch (random.nextInt(4)) {
        case 0 -> {
          what = "counter " + name;
          base = generation.counter(MetricName.LIST_LOAD_ERRORS, name);
          cells = 1;
        }
        case 1 -> {
          what = "duration " + name;
          base = generation.histogram(MetricName.HTTP_REQUEST_DURATION, name);
          cells = Buckets.DURATION.cells();
          assertOneChunk(base, cells);
        }
        case 2 -> {
          what = "fast " + name;
          base = generation.histogram(MetricName.HTTP_OVERHEAD, name);
          cells = Buckets.FAST.cells();
          assertOneChunk(base, cells);
        }
        default -> {
          what = "requests " + name;
          base = generation.requests("web", name);
          cells = Series.Requests.CELLS;
        }
      }
      for (int slot = base; slot < base + cells; slot++) {
        String owner = owners.putIfAbsent(slot, what);
        assertThat(owner).as("%s, slot %d", Seed.message(), slot).isIn(null, what);
      }
    }
  }

  private static void assertOneChunk(int base, int cells) {
    assertThat(base / WorkerCounters.CHUNK)
        .as(Seed.message())
        .isEqualTo((base + cells - 1) / WorkerCounters.CHUNK);
  }

  @Test
  void noSlotIsZero() {
    assertThat(metrics.permanent().counter(MetricName.CONFIG_RELOADS, "ok")).isPositive();
    assertThat(metrics.permanent().latency(LatencyScope.TOTAL)).isPositive();
  }

  @Test
  void whatIsNotPublishedIsNotSeen() {
    MetricsGeneration thrownAway = metrics.nextGeneration();
    int slot = thrownAway.counter(MetricName.CONFIG_RELOADS, "ok");
    metrics.worker(0).increment(slot);
    assertThat(metrics.series()).isEmpty();
    assertThat(metrics.tracks()).isEmpty();
  }

  @Test
  void whatAReloadRemovesDisappearsAndReturnsWithItsValue() {
    MetricsGeneration withShop = metrics.nextGeneration();
    int shop = withShop.counter(MetricName.HTTP_REQUEST_BODY_BYTES, "shop");
    withShop.counter(MetricName.HTTP_REQUEST_BODY_BYTES, "blog");
    withShop.latency(LatencyScope.ROUTE, "shop");
    metrics.publish(withShop);
    metrics.worker(0).add(shop, 5);
    assertThat(visible()).containsExactly(List.of("shop"), List.of("blog"));

    MetricsGeneration without = metrics.nextGeneration();
    without.counter(MetricName.HTTP_REQUEST_BODY_BYTES, "blog");
    metrics.publish(without);
    assertThat(visible()).containsExactly(List.of("blog"));
    assertThat(metrics.tracks()).isEmpty();
    metrics.worker(1).add(shop, 2); // an exchange that pinned the old snapshot

    MetricsGeneration again = metrics.nextGeneration();
    assertThat(again.counter(MetricName.HTTP_REQUEST_BODY_BYTES, "shop")).isEqualTo(shop);
    metrics.publish(again);
    assertThat(visible()).containsExactly(List.of("shop"));
    assertThat(metrics.sum(shop)).isEqualTo(7);
  }

  @Test
  void aListenerThatGoesIsSeenUntilItsLastConnectionEnds() {
    MetricsGeneration both = metrics.nextGeneration();
    int api = both.level(MetricName.CONNECTIONS, "api");
    both.level(MetricName.CONNECTIONS, "web");
    both.gauge(MetricName.CONNECTIONS_LIMIT, () -> 9, "api");
    both.requests("api", "shop");
    both.counter(MetricName.HTTP_REQUEST_BODY_BYTES, "shop");
    metrics.publish(both);
    metrics.worker(0).add(api, 1);
    metrics.worker(1).add(api, 1);

    for (int reload = 0; reload < 2; reload++) {
      MetricsGeneration without = metrics.nextGeneration();
      without.level(MetricName.CONNECTIONS, "web");
      metrics.publish(without);
      assertThat(visible())
          .containsExactly(List.of("web"), List.of("api"), List.of("api"), List.of("api", "shop"));
    }

    metrics.worker(1).add(api, -1);
    assertThat(visible()).hasSize(4);
    metrics.worker(0).add(api, -1);
    long revision = metrics.revision();
    assertThat(visible()).containsExactly(List.of("web"));
    assertThat(metrics.revision()).as("others look again").isNotEqualTo(revision);
  }

  @Test
  void aListenerThatReturnsIsSeenOnceAndStays() {
    MetricsGeneration with = metrics.nextGeneration();
    int api = with.level(MetricName.CONNECTIONS, "api");
    metrics.publish(with);
    metrics.worker(0).add(api, 1);
    metrics.publish(metrics.nextGeneration());
    assertThat(visible()).containsExactly(List.of("api"));

    MetricsGeneration again = metrics.nextGeneration();
    again.level(MetricName.CONNECTIONS, "api");
    metrics.publish(again);
    assertThat(visible()).containsExactly(List.of("api"));
    metrics.worker(0).add(api, -1);
    assertThat(visible()).containsExactly(List.of("api"));
  }

  private List<List<String>> visible() {
    return metrics.series().stream().map(Series::labelValues).toList();
  }

  @Test
  void whatIsPermanentOutlivesEveryGeneration() {
    metrics.permanent().counter(MetricName.CONFIG_RELOADS, "ok");
    metrics.publish(metrics.nextGeneration());
    metrics.permanent().counter(MetricName.CONFIG_RELOADS, "failed");
    assertThat(visible()).containsExactly(List.of("ok"), List.of("failed"));
  }

  @Test
  void aSeriesRegisteredTwiceIsShownOnce() {
    MetricsGeneration generation = metrics.nextGeneration();
    metrics.permanent().gauge(MetricName.READY, () -> 1);
    generation.gauge(MetricName.READY, () -> 0);
    generation.counter(MetricName.CONFIG_RELOADS, "ok");
    generation.counter(MetricName.CONFIG_RELOADS, "ok");
    metrics.publish(generation);
    assertThat(visible()).hasSize(2);
  }

  @Test
  void aGaugeThatBecomesALevelGetsACellOfItsOwn() {
    MetricsGeneration generation = metrics.nextGeneration();
    generation.gauge(MetricName.CONNECTIONS, () -> 1, "web");
    int other = generation.counter(MetricName.CONNECTIONS_ACCEPTED, "web");
    assertThat(generation.level(MetricName.CONNECTIONS, "web")).isNotEqualTo(other);
  }

  @Test
  void aLevelIsRaisedByOneWorkerAndLoweredByAnother() {
    int inFlight = metrics.permanent().level(MetricName.HTTP_REQUESTS_IN_FLIGHT, "web");
    metrics.worker(0).add(inFlight, 3);
    metrics.worker(1).add(inFlight, -2);
    assertThat(metrics.sum(inFlight)).isOne();
  }

  @Test
  void slotsAreFoundByTheLabelsThatMatter() {
    MetricsGeneration g = metrics.nextGeneration();
    int a2 = g.counter(MetricName.POOL_REQUESTS, "web", "a", "2xx");
    int a5 = g.counter(MetricName.POOL_REQUESTS, "web", "a", "5xx");
    int b2 = g.counter(MetricName.POOL_REQUESTS, "web", "b", "2xx");
    int c2 = g.counter(MetricName.POOL_REQUESTS, "api", "a", "2xx");
    metrics.publish(g);
    MetricName name = MetricName.POOL_REQUESTS;
    assertThat(metrics.slots(name, List.of(), List.of())).containsExactly(a2, a5, b2, c2);
    assertThat(metrics.slots(name, List.of("pool"), List.of("web"))).containsExactly(a2, a5, b2);
    assertThat(metrics.slots(name, List.of("backend", "pool"), List.of("a", "web")))
        .containsExactly(a2, a5);
    assertThat(metrics.slots(name, List.of("pool"), List.of("none"))).isEmpty();
    assertThat(metrics.slots(name).values())
        .containsExactly(new int[] {a2}, new int[] {a5}, new int[] {b2}, new int[] {c2});
    assertThatIllegalArgumentException()
        .isThrownBy(() -> metrics.slots(name, List.of("rule"), List.of("x")))
        .withMessage("rule (expected: one of [pool, backend, code_class])");
    g.requests("web", "shop");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> metrics.slots(MetricName.HTTP_REQUESTS, List.of("code"), List.of("200")))
        .withMessage("code (expected: one of [listener, route])");
  }

  @Test
  void aWrongKindOrNumberOfLabelsIsRefused() {
    MetricsGeneration g = metrics.nextGeneration();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> g.counter(MetricName.READY))
        .withMessage("weir_ready: COUNTER (expected: GAUGE)");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> g.histogram(MetricName.CONFIG_RELOADS, "ok"));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> g.counter(MetricName.HTTP_REQUESTS, "web", "shop", "GET", "200"))
        .withMessage("weir_http_requests_total is registered by requests()");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> g.counter(MetricName.CONFIG_RELOADS))
        .withMessage("CONFIG_RELOADS: [] (expected: a value for each of [result])");
    assertThatIllegalArgumentException().isThrownBy(() -> g.latency(LatencyScope.BACKEND, "web"));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Metrics(0))
        .withMessage("workers: 0 (expected: 1 or more)");
  }
}
