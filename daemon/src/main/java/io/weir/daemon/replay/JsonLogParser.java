package io.weir.daemon.replay;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.weir.daemon.replay.LoggedRequest.Fate;
import io.weir.firewall.address.ClientAddress;
import java.io.IOException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The JSON access log of Weir. */
final class JsonLogParser implements LogParser {
  private static final Set<String> FIELDS =
      Set.of(
          "ip",
          "method",
          "host",
          "path",
          "raw_path",
          "protocol",
          "time",
          "response_status",
          "listener",
          "route",
          "tls.version",
          "tls.sni",
          LoggedRequest.JA4,
          "header.user-agent",
          "header.referer");

  private final JsonFactory factory = new JsonFactory();
  private final LogTime time = new LogTime();

  private @Nullable String ts;
  private @Nullable String client;
  private @Nullable String method;
  private String host = "";
  private @Nullable String path;
  private @Nullable String query;
  private String protocol = "";
  private int status;
  private double durationMillis;
  private @Nullable String userAgent;
  private @Nullable String referer;
  private @Nullable String tlsVersion;
  private @Nullable String serverName;
  private @Nullable String ja4;
  private @Nullable String listener;
  private @Nullable String route;
  private @Nullable String outcome;
  private @Nullable String rule;
  private boolean backend;

  @Override
  public @Nullable LoggedRequest parse(String line) {
    forget();
    try (JsonParser json = factory.createParser(line)) {
      if (json.nextToken() != JsonToken.START_OBJECT) {
        return null;
      }
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        String name = json.currentName();
        json.nextToken();
        take(name, json);
        json.skipChildren();
      }
    } catch (IOException e) {
      return null;
    }
    return request();
  }

  private void forget() {
    ts = null;
    client = null;
    method = null;
    host = "";
    path = null;
    query = null;
    protocol = "";
    status = 0;
    durationMillis = -1;
    userAgent = null;
    referer = null;
    tlsVersion = null;
    serverName = null;
    ja4 = null;
    listener = null;
    route = null;
    outcome = null;
    rule = null;
    backend = false;
  }

  private void take(String name, JsonParser json) throws IOException {
    switch (name) {
      case "ts" -> ts = json.getText();
      case "client_ip" -> client = json.getText();
      case "method" -> method = json.getText();
      case "host" -> host = json.getText();
      case "path" -> path = json.getText();
      case "query" -> query = json.getText();
      case "protocol" -> protocol = json.getText();
      case "status" -> status = json.getValueAsInt();
      case "duration_ms" -> durationMillis = json.getValueAsDouble(-1);
      case "user_agent" -> userAgent = json.getText();
      case "referer" -> referer = json.getText();
      case "tls_version" -> tlsVersion = json.getText();
      case "sni" -> serverName = json.getText();
      case "ja4" -> ja4 = json.getText();
      case "listener" -> listener = json.getText();
      case "route" -> route = json.getText();
      case "outcome" -> outcome = json.getText();
      case "rule" -> rule = json.getText();
      case "backend" -> backend = true;
      default -> {} // what no rule asks
    }
  }

  private @Nullable LoggedRequest request() {
    long micros = ts == null ? LogTime.NONE : time.rfc3339(ts);
    ClientAddress address = client == null ? null : ClientAddress.parse(client);
    if (micros == LogTime.NONE || address == null || method == null || path == null) {
      return null;
    }
    if (status < 0 || status > 999) {
      return null;
    }
    return new LoggedRequest(
        micros,
        durationMillis < 0 ? -1 : (long) (durationMillis * 1000),
        address,
        method,
        host,
        query == null ? path : path + '?' + query,
        CombinedParser.protocol(protocol),
        status,
        userAgent,
        referer,
        tlsVersion == null ? null : tlsVersion.endsWith("1.3") ? "1.3" : "1.2",
        serverName,
        ja4,
        listener,
        route,
        cut(),
        outcome == null ? null : new Fate(outcome, rule, backend));
  }

  private Set<String> cut() {
    return new CutFields()
        .path(path)
        .query(query)
        .look("host", host)
        .look("tls.sni", serverName)
        .look("header.user-agent", userAgent)
        .look("header.referer", referer)
        .lacks(LoggedRequest.JA4, tlsVersion != null && ja4 == null)
        .fields();
  }

  @Override
  public boolean wasConnection() {
    return protocol.equals("TCP");
  }

  @Override
  public String kind() {
    return "json";
  }

  @Override
  public boolean holds(String field) {
    return FIELDS.contains(field) || field.startsWith("query.");
  }

  @Override
  public boolean hasDurations() {
    return true;
  }
}
