package io.weir.core.config;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How long each step may take.
 *
 * @param header from the first byte of a request (or the accept) to the end of its head; then 408
 * @param bodyIdle between two pieces of a request body; then 408
 * @param idle between two requests of a connection
 * @param tunnelIdle between two bytes of a WebSocket or of a relay, whichever way they go
 * @param connect to establish a connection to a backend; then the next backend or 504
 * @param response from the end of the request to the response's first byte, and between two pieces
 *     of its body; then 504
 * @param request from the first byte of a request to the last of its response; null: no limit
 * @param tlsHandshake from accept to the end of the TLS handshake
 * @param drain how long a stopping process waits for exchanges to end
 */
public record TimeoutConfig(
    Duration header,
    Duration bodyIdle,
    Duration idle,
    Duration tunnelIdle,
    Duration connect,
    Duration response,
    @Nullable Duration request,
    Duration tlsHandshake,
    Duration drain) {

  public static final TimeoutConfig DEFAULTS =
      new TimeoutConfig(
          Duration.ofSeconds(10),
          Duration.ofSeconds(30),
          Duration.ofSeconds(60),
          Duration.ofHours(1),
          Duration.ofSeconds(3),
          Duration.ofSeconds(30),
          null,
          Duration.ofSeconds(10),
          Duration.ofSeconds(30));

  public TimeoutConfig {
    Check.positive("header", header);
    Check.positive("body_idle", bodyIdle);
    Check.positive("idle", idle);
    Check.positive("tunnel_idle", tunnelIdle);
    Check.positive("connect", connect);
    Check.positive("response", response);
    if (request != null) {
      Check.positive("request", request);
    }
    Check.positive("tls_handshake", tlsHandshake);
    Check.positive("drain", drain);
  }
}
