package io.weir.core.config;

/**
 * What one client, and all of them together, may ask for.
 *
 * @param connections open client connections over all listeners; more are closed at accept
 * @param connectionsPerIp open connections of one client address (an IPv6 /64 counts as one)
 * @param headerSize bytes of request line and headers; larger is 431, a longer target 414
 * @param headers header lines of one request; more is 431
 * @param bodySize bytes of a request body; larger is 413
 * @param minBodyRate bytes a second of a request body on the whole; slower is 408; 0 asks for none
 * @param bufferMemory bytes that clients may hold who do not take what they asked for; over that,
 *     the one that has taken nothing for the longest is cut. 0 is half of what the process has for
 *     buffers
 * @param requestsPerConnection requests on one connection, after which it is closed
 */
public record LimitsConfig(
    int connections,
    int connectionsPerIp,
    int headerSize,
    int headers,
    long bodySize,
    long minBodyRate,
    long bufferMemory,
    int requestsPerConnection) {

  private static final long MAX_RATE = 1L << 30; // more than any network path gives one upload

  private static final long MIN_BUFFER_MEMORY = 1L << 20; // some, whatever the number of workers

  public static final LimitsConfig DEFAULTS =
      new LimitsConfig(200_000, 500, 16 * 1024, 100, 32L * 1024 * 1024, 500, 0, 100_000);

  public LimitsConfig {
    Check.range("connections", connections, 1, 10_000_000);
    Check.range("connections_per_ip", connectionsPerIp, 1, 10_000_000);
    Check.that(
        headerSize >= 1024 && headerSize <= 1024 * 1024,
        "header_size: " + headerSize + "B (expected: 1KiB to 1MiB)");
    Check.range("headers", headers, 1, 10_000);
    Check.range("body_size", bodySize, 0, Long.MAX_VALUE);
    Check.that(
        minBodyRate >= 0 && minBodyRate <= MAX_RATE,
        "min_body_rate: " + minBodyRate + "B/s (expected: 0B/s to 1GiB/s)");
    Check.that(
        bufferMemory == 0 || bufferMemory >= MIN_BUFFER_MEMORY,
        "buffer_memory: " + bufferMemory + "B (expected: at least 1MiB)");
    Check.range("requests_per_connection", requestsPerConnection, 1, Integer.MAX_VALUE);
  }
}
