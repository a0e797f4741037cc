package io.weir.core.log;

import io.weir.firewall.address.ClientAddress;
import io.weir.firewall.config.RuleMode;
import org.jspecify.annotations.Nullable;

/**
 * One thing that a rule did, or would have done, against a request or a connection; valid only
 * during {@link FirewallLog.Sink#write}. Text comes as it was received, but for secrets.
 */
public interface FirewallRecord {
  /** When, in milliseconds since the epoch. */
  long epochMillis();

  /** The client as rules see it. */
  ClientAddress client();

  /** The rule; null where the client is banned, or no rule decided. */
  @Nullable String rule();

  /** {@code deny}, {@code limit} and the like, in the words of the configuration. */
  String action();

  /** Whether it was done, or would have been if the rule's mode were not report. */
  RuleMode mode();

  /** The field by which the rule matched, like {@code header.user-agent}; null if it asks none. */
  @Nullable String field();

  /** What stood in that field, at most 64 characters of it. */
  @Nullable CharSequence excerpt();

  /** Why the client is banned: the name of a rule, or what an operator said; else null. */
  @Nullable String reason();

  String listener();

  /** Null where the connection was refused before there was a request; so are the next ones. */
  @Nullable String method();

  @Nullable String host();

  /** The request-target as received. */
  @Nullable String target();

  /** The JA4 fingerprint of the client's TLS; null where nobody asked for it. */
  @Nullable String ja4();

  /** As backends and the client are told. */
  @Nullable String requestId();
}
