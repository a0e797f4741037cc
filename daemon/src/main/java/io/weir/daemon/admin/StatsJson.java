package io.weir.daemon.admin;

import com.fasterxml.jackson.core.JsonGenerator;
import io.weir.metrics.LatencyScope;
import io.weir.metrics.LatencySummary;
import io.weir.metrics.LiveStat;
import java.io.IOException;
import java.util.List;

/**
 * {@code /api/v1/stats}: rates and percentiles, in total and by listener, route, pool and backend.
 */
final class StatsJson {
  private static final double NANOS_PER_MILLI = 1e6;

  private StatsJson() {}

  static void write(List<LiveStat> stats, JsonGenerator json) throws IOException {
    for (LiveStat stat : stats) {
      if (stat.scope() == LatencyScope.TOTAL) {
        json.writeObjectFieldStart("total");
        members(stat, json);
        json.writeEndObject();
      }
    }
    array("listeners", stats, LatencyScope.LISTENER, json);
    array("routes", stats, LatencyScope.ROUTE, json);
    array("pools", stats, LatencyScope.POOL, json);
    array("backends", stats, LatencyScope.BACKEND, json);
  }

  private static void array(
      String name, List<LiveStat> stats, LatencyScope scope, JsonGenerator json)
      throws IOException {
    json.writeArrayFieldStart(name);
    for (LiveStat stat : stats) {
      if (stat.scope() == scope) {
        json.writeStartObject();
        for (int i = 0; i < scope.labels().size(); i++) {
          json.writeStringField(scope.labels().get(i), stat.labelValues().get(i));
        }
        members(stat, json);
        json.writeEndObject();
      }
    }
    json.writeEndArray();
  }

  private static void members(LiveStat stat, JsonGenerator json) throws IOException {
    json.writeObjectFieldStart("qps");
    json.writeNumberField("1s", hundredths(stat.qps1s()));
    json.writeNumberField("10s", hundredths(stat.qps10s()));
    json.writeNumberField("1m", hundredths(stat.qps60s()));
    json.writeEndObject();

    json.writeNumberField("error_ratio", stat.errorRatio());

    LatencySummary latency = stat.latency();
    json.writeObjectFieldStart("latency_ms");
    json.writeNumberField("p50", latency.p50() / NANOS_PER_MILLI);
    json.writeNumberField("p90", latency.p90() / NANOS_PER_MILLI);
    json.writeNumberField("p99", latency.p99() / NANOS_PER_MILLI);
    json.writeNumberField("p99.9", latency.p999() / NANOS_PER_MILLI);
    json.writeNumberField("max", latency.max() / NANOS_PER_MILLI);
    json.writeEndObject();
  }

  private static double hundredths(double rate) {
    return Math.round(rate * 100) / 100.0;
  }
}
