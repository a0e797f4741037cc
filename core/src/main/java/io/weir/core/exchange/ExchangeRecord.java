package io.weir.core.exchange;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.weir.core.http.Failure;
import io.weir.core.log.AccessRecord;
import io.weir.core.log.Outcome;
import io.weir.core.upstream.Backend;
import io.weir.core.upstream.Pool;
import io.weir.core.worker.Worker;
import io.weir.firewall.Refusal;
import io.weir.firewall.RuleInfo;
import io.weir.firewall.address.ClientAddress;
import io.weir.tls.HandshakeInfo;
import org.jspecify.annotations.Nullable;

/** Shows one ended exchange at a time to the log. Reused; for one loop. */
final class ExchangeRecord implements AccessRecord {
  private final Worker worker;
  private @Nullable Exchange exchange;

  ExchangeRecord(Worker worker) {
    this.worker = worker;
  }

  ExchangeRecord of(Exchange ended) {
    exchange = ended;
    return this;
  }

  private Exchange exchange() {
    Exchange current = exchange;
    if (current == null) {
      throw new IllegalStateException("no exchange");
    }
    return current;
  }

  private ExchangeTally tally() {
    return exchange().tally;
  }

  @Override
  public long startMicros() {
    return worker.clock().epochMillis() * 1000 - tally().nanos() / 1000;
  }

  @Override
  public ClientAddress client() {
    return exchange().client();
  }

  @Override
  public ClientAddress peer() {
    return exchange().connection().peer();
  }

  @Override
  public String method() {
    return exchange().head().method();
  }

  @Override
  public String host() {
    return exchange().head().host();
  }

  @Override
  public String target() {
    return exchange().head().target();
  }

  @Override
  public String protocol() {
    return exchange().head().version().text();
  }

  @Override
  public int status() {
    return tally().status;
  }

  @Override
  public long bytesIn() {
    return tally().bytesIn;
  }

  @Override
  public long bytesOut() {
    return tally().bytesOut;
  }

  @Override
  public long durationNanos() {
    return tally().nanos();
  }

  @Override
  public long upstreamNanos() {
    return tally().upstreamNanos();
  }

  @Override
  public long connectNanos() {
    return tally().connectNanos;
  }

  @Override
  public @Nullable String tlsVersion() {
    HandshakeInfo handshake = exchange().connection().handshake();
    return handshake == null ? null : handshake.version();
  }

  @Override
  public @Nullable String serverName() {
    HandshakeInfo handshake = exchange().connection().handshake();
    return handshake == null ? null : handshake.serverName();
  }

  @Override
  public @Nullable String ja4() {
    return exchange().connection().ja4();
  }

  @Override
  public String listener() {
    return exchange().listener().name();
  }

  @Override
  public String route() {
    return exchange().route().label();
  }

  @Override
  public @Nullable String pool() {
    Pool pool = exchange().pool();
    return pool == null ? null : pool.name();
  }

  @Override
  public @Nullable String backend() {
    Backend backend = exchange().backend();
    return backend == null ? null : backend.name();
  }

  @Override
  public int attempts() {
    return tally().attempts;
  }

  @Override
  public @Nullable CharSequence requestHeader(String name) {
    return exchange().head().fields().first(name);
  }

  @Override
  public String requestId() {
    return new String(exchange().ids().requestId(exchange().head().fields()), US_ASCII);
  }

  @Override
  public @Nullable String traceId() {
    byte[] id = exchange().ids().traceId();
    return id == null ? null : new String(id, US_ASCII);
  }

  @Override
  public String outcome() {
    Failure failure = tally().failure;
    if (failure != null) {
      return failure.label();
    }
    Refusal refusal = tally().refusal;
    return refusal == null ? Outcome.OK : Outcome.of(refusal.decision());
  }

  @Override
  public @Nullable String rule() {
    Refusal refusal = tally().refusal;
    RuleInfo rule = refusal == null ? null : refusal.rule();
    return rule == null ? null : rule.name();
  }
}
