package io.weir.daemon.explain;

import com.fasterxml.jackson.core.JsonGenerator;
import io.weir.core.status.ProxyStatus.BackendStatus;
import io.weir.core.status.ProxyStatus.PoolStatus;
import java.io.IOException;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** A pool and its backends as members of a JSON object. */
public final class PoolJson {
  private PoolJson() {}

  public static void write(PoolStatus pool, JsonGenerator json) throws IOException {
    write(pool, null, json);
  }

  /** With which backends are {@code possible}, unless that is not asked. */
  static void write(
      PoolStatus pool, @Nullable Predicate<BackendStatus> possible, JsonGenerator json)
      throws IOException {
    json.writeStringField("pool", pool.name());
    json.writeStringField("balance", pool.balance());
    json.writeArrayFieldStart("backends");
    for (BackendStatus backend : pool.backends()) {
      json.writeStartObject();
      json.writeStringField("backend", backend.address());
      json.writeStringField("state", backend.up() ? "up" : "down");
      json.writeNumberField("weight", backend.weight());
      json.writeBooleanField("backup", backend.backup());
      json.writeNumberField("in_flight", backend.inFlight());
      if (possible != null) {
        json.writeBooleanField("possible", possible.test(backend));
      }
      json.writeEndObject();
    }
    json.writeEndArray();
  }
}
