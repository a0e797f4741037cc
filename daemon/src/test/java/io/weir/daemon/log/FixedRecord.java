package io.weir.daemon.log;

import io.weir.core.log.AccessRecord;
import io.weir.firewall.address.ClientAddress;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** An exchange as the worker would describe it. */
record FixedRecord(
    ClientAddress client,
    String method,
    String target,
    int status,
    long bytesOut,
    @Nullable String pool,
    Map<String, String> headers)
    implements AccessRecord {
  private static final ClientAddress PEER = address("10.0.0.1");

  static FixedRecord ordinary() {
    return new FixedRecord(
        address("192.0.2.7"),
        "GET",
        "/shop/cart?item=7&size=m",
        200,
        1234,
        "web",
        Map.of(
            "referer", "https://shop.example/",
            "user-agent", "curl/7.88.1",
            "authorization", "Basic c2VjcmV0",
            "cookie", "session=secret"));
  }

  FixedRecord withTarget(String other) {
    return new FixedRecord(client, method, other, status, bytesOut, pool, headers);
  }

  FixedRecord withHeaders(Map<String, String> other) {
    return new FixedRecord(client, method, target, status, bytesOut, pool, other);
  }

  FixedRecord unanswered() {
    return new FixedRecord(address("2001:db8::1"), method, target, 0, 0, null, Map.of());
  }

  FixedRecord unread() {
    return new FixedRecord(client, "", "", status, bytesOut, pool, headers);
  }

  @Override
  public long startMicros() {
    return 1_795_313_736_000_042L; // 2026-11-22T02:15:36.000042Z
  }

  @Override
  public ClientAddress peer() {
    return PEER;
  }

  private static ClientAddress address(String text) {
    return Objects.requireNonNull(ClientAddress.parse(text));
  }

  @Override
  public String host() {
    return method.isEmpty() ? "" : "shop.example";
  }

  @Override
  public String protocol() {
    return "HTTP/1.1";
  }

  @Override
  public long bytesIn() {
    return 17;
  }

  @Override
  public long durationNanos() {
    return 12_345_678;
  }

  @Override
  public long upstreamNanos() {
    return pool == null ? -1 : 11_000_999;
  }

  @Override
  public long connectNanos() {
    return pool == null ? -1 : 5_000;
  }

  @Override
  public @Nullable String tlsVersion() {
    return pool == null ? null : "TLSv1.3";
  }

  @Override
  public @Nullable String serverName() {
    return pool == null ? null : "shop.example";
  }

  @Override
  public @Nullable String ja4() {
    return pool == null ? null : "t13d1516h2_8daaf6152771_e5627efa2ab1";
  }

  @Override
  public String listener() {
    return "secure";
  }

  @Override
  public String route() {
    return "shop";
  }

  @Override
  public @Nullable String backend() {
    return pool == null ? null : "10.0.1.11:8080";
  }

  @Override
  public int attempts() {
    return pool == null ? 0 : 1;
  }

  @Override
  public @Nullable CharSequence requestHeader(String name) {
    return headers.get(name);
  }

  @Override
  public String requestId() {
    return "01HF3J9T";
  }

  @Override
  public @Nullable String traceId() {
    return headers.isEmpty() ? null : "4bf92f3577b34da6a3ce929d0e0e4736";
  }

  @Override
  public String outcome() {
    return pool == null ? "denied" : "ok";
  }

  @Override
  public @Nullable String rule() {
    return pool == null ? "bad-agents" : null;
  }
}
