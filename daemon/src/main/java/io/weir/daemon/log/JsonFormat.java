package io.weir.daemon.log;

import io.weir.core.log.AccessRecord;
import io.weir.core.log.ConnectionRecord;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** One JSON object per line; a key whose value is not known is left out. */
public final class JsonFormat implements LineFormat {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss", Locale.ROOT);
  private static final byte[] OPEN = LineBuffer.ascii("{\"ts\":\"");
  private static final byte[] CLIENT_IP = key("client_ip");
  private static final byte[] PEER_IP = key("peer_ip");
  private static final byte[] METHOD = key("method");
  private static final byte[] HOST = key("host");
  private static final byte[] PATH = key("path");
  private static final byte[] QUERY = key("query");
  private static final byte[] PROTOCOL = key("protocol");
  private static final byte[] STATUS = key("status");
  private static final byte[] BYTES_IN = key("bytes_in");
  private static final byte[] BYTES_OUT = key("bytes_out");
  private static final byte[] DURATION = key("duration_ms");
  private static final byte[] UPSTREAM = key("upstream_duration_ms");
  private static final byte[] CONNECT = key("connect_ms");
  private static final byte[] TLS_VERSION = key("tls_version");
  private static final byte[] SNI = key("sni");
  private static final byte[] JA4 = key("ja4");
  private static final byte[] LISTENER = key("listener");
  private static final byte[] ROUTE = key("route");
  private static final byte[] POOL = key("pool");
  private static final byte[] BACKEND = key("backend");
  private static final byte[] ATTEMPTS = key("attempts");
  private static final byte[] USER_AGENT = key("user_agent");
  private static final byte[] REFERER = key("referer");
  private static final byte[] REQUEST_ID = key("request_id");
  private static final byte[] TRACE_ID = key("trace_id");
  private static final byte[] OUTCOME = key("outcome");
  private static final byte[] RULE = key("rule");

  /** What a relayed connection speaks, as far as we know. */
  private static final String TCP = "TCP";

  private final SecondStamp stamp = new SecondStamp(TIME, ZoneOffset.UTC);

  @Override
  public void write(AccessRecord record, LineBuffer line) {
    time(record.startMicros(), line);
    text(CLIENT_IP, record.client().toString(), line);
    text(PEER_IP, record.peer().toString(), line);
    known(METHOD, record.method(), line);
    known(HOST, record.host(), line);
    target(record.target(), line);
    text(PROTOCOL, record.protocol(), line);
    line.put(STATUS).put(record.status());
    line.put(BYTES_IN).put(record.bytesIn());
    line.put(BYTES_OUT).put(record.bytesOut());
    millis(DURATION, record.durationNanos(), line);
    millis(UPSTREAM, record.upstreamNanos(), line);
    millis(CONNECT, record.connectNanos(), line);
    text(TLS_VERSION, record.tlsVersion(), line);
    text(SNI, record.serverName(), line);
    text(JA4, record.ja4(), line);
    text(LISTENER, record.listener(), line);
    text(ROUTE, record.route(), line);
    text(POOL, record.pool(), line);
    text(BACKEND, record.backend(), line);
    line.put(ATTEMPTS).put(record.attempts());
    text(USER_AGENT, record.requestHeader("user-agent"), line);
    text(REFERER, record.requestHeader("referer"), line);
    text(REQUEST_ID, record.requestId(), line);
    text(TRACE_ID, record.traceId(), line);
    text(OUTCOME, record.outcome(), line);
    text(RULE, record.rule(), line);
    line.put('}');
  }

  @Override
  public void write(ConnectionRecord record, LineBuffer line) {
    time(record.startMicros(), line);
    text(CLIENT_IP, record.client().toString(), line);
    text(PEER_IP, record.peer().toString(), line);
    text(PROTOCOL, TCP, line);
    line.put(BYTES_IN).put(record.bytesIn());
    line.put(BYTES_OUT).put(record.bytesOut());
    millis(DURATION, record.durationNanos(), line);
    millis(CONNECT, record.connectNanos(), line);
    text(SNI, record.serverName(), line);
    text(JA4, record.ja4(), line);
    text(LISTENER, record.listener(), line);
    text(POOL, record.pool(), line);
    text(BACKEND, record.backend(), line);
    line.put(ATTEMPTS).put(record.attempts());
    text(OUTCOME, record.outcome(), line);
    line.put('}');
  }

  /** RFC 3339 with microseconds. */
  private void time(long micros, LineBuffer line) {
    line.put(OPEN).put(stamp.of(Math.floorDiv(micros, 1_000_000L)));
    line.put('.').put(Math.floorMod(micros, 1_000_000L), 6).put('Z').put('"');
  }

  private static void target(String target, LineBuffer line) {
    if (target.isEmpty()) {
      return;
    }
    int question = target.indexOf('?');
    int end = question < 0 ? target.length() : question;
    line.put(PATH).put('"').json(target, 0, end).put('"');
    if (question >= 0) {
      line.put(QUERY).put('"').json(target, question + 1, target.length()).put('"');
    }
  }

  /** What is empty where the request could not be read so far. */
  private static void known(byte[] key, String value, LineBuffer line) {
    if (!value.isEmpty()) {
      text(key, value, line);
    }
  }

  static void text(byte[] key, @Nullable CharSequence value, LineBuffer line) {
    if (value != null) {
      line.put(key).put('"').json(value).put('"');
    }
  }

  private static void millis(byte[] key, long nanos, LineBuffer line) {
    if (nanos >= 0) {
      line.put(key).millis(nanos);
    }
  }

  static byte[] key(String name) {
    return LineBuffer.ascii(",\"" + name + "\":");
  }
}
