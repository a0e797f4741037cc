package io.weir.daemon.config;

import io.weir.core.config.TimeoutConfig;
import io.weir.daemon.yaml.Fields;
import io.weir.daemon.yaml.Keys;
import io.weir.daemon.yaml.Node;
import org.jspecify.annotations.Nullable;

/** Reads {@code timeouts:}. */
final class TimeoutsSection {
  private static final Keys KEYS =
      Keys.of(
          "header",
          "body_idle",
          "idle",
          "tunnel_idle",
          "connect",
          "response",
          "request",
          "tls_handshake",
          "drain");

  private TimeoutsSection() {}

  static TimeoutConfig read(@Nullable Node node) {
    TimeoutConfig usual = TimeoutConfig.DEFAULTS;
    if (node == null) {
      return usual;
    }
    Fields timeouts = node.fields(KEYS);
    return timeouts.build(
        () ->
            new TimeoutConfig(
                timeouts.duration("header", usual.header()),
                timeouts.duration("body_idle", usual.bodyIdle()),
                timeouts.duration("idle", usual.idle()),
                timeouts.duration("tunnel_idle", usual.tunnelIdle()),
                timeouts.duration("connect", usual.connect()),
                timeouts.duration("response", usual.response()),
                timeouts.duration("request"),
                timeouts.duration("tls_handshake", usual.tlsHandshake()),
                timeouts.duration("drain", usual.drain())),
        usual);
  }
}
