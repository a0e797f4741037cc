package io.weir.core.status;

import io.weir.firewall.address.ClientAddress;
import org.jspecify.annotations.Nullable;

/**
 * A request or a connection that was refused not long ago.
 *
 * @param epochMillis when
 * @param client as rules saw it
 * @param rule which rule refused it; null where the client was banned, or by default
 * @param action {@code deny}, {@code limit} and the like
 * @param status of the answer; 0: closed without one
 * @param retryAfterSeconds when the limit told it to come back; 0: it was no limit
 * @param field by which the rule matched; null if it asks none
 * @param excerpt what stood there, at most 64 characters, no secret
 * @param reason why the client was banned; null if it was not
 * @param request null where the connection was refused when it was accepted
 */
public record Refused(
    long epochMillis,
    ClientAddress client,
    @Nullable String rule,
    String action,
    int status,
    int retryAfterSeconds,
    @Nullable String field,
    @Nullable String excerpt,
    @Nullable String reason,
    String listener,
    @Nullable Request request) {

  /**
   * The request that was refused.
   *
   * @param id as the client was told
   * @param target as received; cut if it was very long
   * @param protocol {@code http/1.0}, {@code http/1.1} or {@code h2}
   * @param byProxy whether a trusted proxy brought it
   * @param generation of the configuration that refused it
   * @param lines its header lines, each with its CRLF; null if there were too many to keep
   */
  public record Request(
      String id,
      String method,
      String host,
      String target,
      String protocol,
      String route,
      @Nullable String tlsVersion,
      @Nullable String serverName,
      @Nullable String clientSubject,
      @Nullable String ja4,
      boolean byProxy,
      long generation,
      @Nullable String lines) {}
}
