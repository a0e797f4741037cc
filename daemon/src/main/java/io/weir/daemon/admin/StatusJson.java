package io.weir.daemon.admin;

import com.fasterxml.jackson.core.JsonGenerator;
import io.weir.core.status.ProxyStatus;
import io.weir.core.status.ProxyStatus.ListenerStatus;
import io.weir.core.status.ProxyStatus.PoolStatus;
import io.weir.core.status.ProxyStatus.RouteStatus;
import io.weir.core.status.ProxyStatus.RuleStatus;
import io.weir.daemon.explain.PoolJson;
import io.weir.daemon.state.KeptBans;
import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** {@code /api/v1/status}: what is served, and how it is. */
final class StatusJson {
  private StatusJson() {}

  static void write(ProcessStatus process, ProxyStatus proxy, Instant now, JsonGenerator json)
      throws IOException {
    json.writeStringField("version", process.version());
    json.writeStringField("revision", process.revision());
    json.writeStringField("java", process.java());
    json.writeNumberField("pid", process.pid());
    time("started", process.started(), json);
    json.writeNumberField("uptime_seconds", process.started().until(now, ChronoUnit.SECONDS));
    json.writeBooleanField("ready", process.ready());
    json.writeBooleanField("draining", proxy.draining());
    json.writeStringField("transport", proxy.transport());
    json.writeStringField("tls_provider", proxy.tlsProvider());
    json.writeNumberField("workers", proxy.workers());

    json.writeObjectFieldStart("config");
    json.writeStringField("file", process.configFile());
    json.writeStringField("hash", process.configHash());
    json.writeNumberField("generation", proxy.generation());
    time("loaded", process.configLoaded(), json);
    json.writeStringField("last_reload", process.lastReload());
    json.writeEndObject();
    bans(process.bans(), json);

    json.writeArrayFieldStart("listeners");
    for (ListenerStatus listener : proxy.listeners()) {
      listener(listener, json);
    }
    json.writeEndArray();
    json.writeArrayFieldStart("routes");
    for (RouteStatus route : proxy.routes()) {
      json.writeStartObject();
      json.writeStringField("route", route.label());
      json.writeStringField("target", route.target());
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeArrayFieldStart("pools");
    for (PoolStatus pool : proxy.pools()) {
      json.writeStartObject();
      PoolJson.write(pool, json);
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeArrayFieldStart("rules");
    for (RuleStatus rule : proxy.rules()) {
      json.writeStartObject();
      json.writeStringField("rule", rule.name());
      json.writeStringField("action", rule.action());
      json.writeStringField("mode", rule.mode());
      json.writeNumberField("matches", rule.matches());
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private static void bans(KeptBans.Place place, JsonGenerator json) throws IOException {
    json.writeObjectFieldStart("bans");
    json.writeStringField("file", place.file() == null ? null : place.file().toString());
    json.writeStringField("problem", place.problem());
    json.writeEndObject();
  }

  private static void listener(ListenerStatus listener, JsonGenerator json) throws IOException {
    json.writeStartObject();
    json.writeStringField("listener", listener.name());
    json.writeStringField("mode", listener.mode());
    json.writeBooleanField("tls", listener.tls());
    json.writeArrayFieldStart("addresses");
    for (String address : listener.addresses()) {
      json.writeString(address);
    }
    json.writeEndArray();
    json.writeNumberField("connections", listener.connections());
    json.writeEndObject();
  }

  private static void time(String name, Instant time, JsonGenerator json) throws IOException {
    json.writeStringField(name, time.truncatedTo(ChronoUnit.SECONDS).toString());
  }
}
