package io.weir.core.log;

import io.weir.core.http.Failure;
import io.weir.firewall.address.ClientAddress;
import org.jspecify.annotations.Nullable;

/**
 * One connection of a tcp listener that has ended, or for which no backend was found.
 *
 * @param startMicros when it was to be relayed, in microseconds since the epoch
 * @param client as rules see it
 * @param peer the other end of the connection, which is a proxy where its header named the client
 * @param bytesIn from the client, as far as they went on to the backend
 * @param bytesOut from the backend, likewise
 * @param connectNanos spent connecting to the backend; -1 where none was reached
 * @param serverName of the ClientHello by which the pool was chosen
 * @param ja4 the fingerprint of that; null where nobody asked for it
 * @param backend the last one tried
 * @param attempts backends tried
 * @param failure null when it was relayed for as long as its two ends wished
 */
public record ConnectionRecord(
    long startMicros,
    ClientAddress client,
    ClientAddress peer,
    long bytesIn,
    long bytesOut,
    long durationNanos,
    long connectNanos,
    @Nullable String serverName,
    @Nullable String ja4,
    String listener,
    String pool,
    @Nullable String backend,
    int attempts,
    @Nullable Failure failure) {

  /** One of the words of {@link Outcome}. */
  public String outcome() {
    return failure == null ? Outcome.OK : failure.label();
  }
}
