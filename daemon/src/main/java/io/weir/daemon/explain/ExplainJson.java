package io.weir.daemon.explain;

import com.fasterxml.jackson.core.JsonGenerator;
import io.weir.core.status.ExplainedRequest.Traced;
import io.weir.core.status.ProxyStatus.PoolStatus;
import io.weir.core.status.Refused;
import io.weir.firewall.Explanation;
import io.weir.firewall.Explanation.Count;
import io.weir.firewall.Explanation.Step;
import io.weir.firewall.RuleInfo;
import io.weir.firewall.ban.Ban;
import java.io.IOException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Explanations and refusals as members of JSON objects. */
public final class ExplainJson {
  private static final double NANOS_PER_SECOND = 1e9;

  private ExplainJson() {}

  /** Which way a request would go. */
  public static void write(Traced traced, JsonGenerator json) throws IOException {
    json.writeNumberField("generation", traced.generation());
    json.writeStringField("listener", traced.listener());
    json.writeStringField("client_ip", traced.client().toString());
    json.writeBooleanField("client_from_header", traced.clientFromHeader());
    text("method", traced.method(), json);
    json.writeStringField("host", traced.host());
    json.writeArrayFieldStart("paths");
    for (String path : traced.paths()) {
      json.writeString(path);
    }
    json.writeEndArray();
    firewall(traced.firewall(), json);
    text("route", traced.route(), json);
    json.writeStringField("target", traced.target());
    text("sent", traced.sent(), json);
    PoolStatus pool = traced.pool();
    if (pool != null) {
      pool(pool, json);
    }
  }

  private static void firewall(Explanation firewall, JsonGenerator json) throws IOException {
    Ban ban = firewall.ban();
    if (ban != null) {
      json.writeObjectFieldStart("ban");
      json.writeStringField("reason", ban.reason());
      json.writeStringField("until", Instant.ofEpochMilli(ban.untilMillis()).toString());
      json.writeNumberField("times", ban.times());
      json.writeEndObject();
    }
    json.writeArrayFieldStart("steps");
    for (Step step : firewall.steps()) {
      step(step, json);
    }
    json.writeEndArray();
    json.writeStringField("decision", firewall.decision().label());
    RuleInfo rule = firewall.rule();
    text("rule", rule == null ? null : rule.name(), json);
    json.writeBooleanField("decided", firewall.steps().stream().noneMatch(Step::leavesOpen));
    json.writeNumberField("status", firewall.status());
  }

  private static void step(Step step, JsonGenerator json) throws IOException {
    json.writeStartObject();
    json.writeStringField("rule", step.rule().name());
    json.writeStringField("action", step.rule().action());
    json.writeStringField("mode", step.rule().mode().label());
    json.writeStringField("outcome", step.outcome().label());
    json.writeStringField("why", step.why());
    if (!step.unknown().isEmpty()) {
      json.writeArrayFieldStart("unknown");
      for (String field : step.unknown()) {
        json.writeString(field);
      }
      json.writeEndArray();
    }
    Count count = step.count();
    if (count != null) {
      json.writeNumberField("remaining", count.remaining());
      json.writeNumberField("wait_seconds", count.waitNanos() / NANOS_PER_SECOND);
    }
    json.writeEndObject();
  }

  private static void pool(PoolStatus pool, JsonGenerator json) throws IOException {
    boolean primaries = pool.backends().stream().anyMatch(b -> b.up() && !b.backup());
    json.writeObjectFieldStart("pool");
    PoolJson.write(pool, backend -> backend.up() && backend.backup() != primaries, json);
    json.writeEndObject();
  }

  /** What was refused. */
  public static void write(Refused refused, JsonGenerator json) throws IOException {
    json.writeStringField("ts", Instant.ofEpochMilli(refused.epochMillis()).toString());
    json.writeStringField("client_ip", refused.client().toString());
    text("rule", refused.rule(), json);
    json.writeStringField("action", refused.action());
    json.writeNumberField("status", refused.status());
    if (refused.retryAfterSeconds() > 0) {
      json.writeNumberField("retry_after_seconds", refused.retryAfterSeconds());
    }
    text("field", refused.field(), json);
    text("excerpt", refused.excerpt(), json);
    text("reason", refused.reason(), json);
    json.writeStringField("listener", refused.listener());
    Refused.Request request = refused.request();
    if (request != null) {
      json.writeStringField("method", request.method());
      json.writeStringField("host", request.host());
      json.writeStringField("path", request.target().replaceFirst("(?s)\\?.*", ""));
      json.writeStringField("route", request.route());
      json.writeNumberField("generation", request.generation());
      json.writeStringField("request_id", request.id());
    }
  }

  private static void text(String name, @Nullable String value, JsonGenerator json)
      throws IOException {
    if (value != null) {
      json.writeStringField(name, value);
    }
  }
}
