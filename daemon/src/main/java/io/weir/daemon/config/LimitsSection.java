package io.weir.daemon.config;

import io.weir.core.config.LimitsConfig;
import io.weir.daemon.yaml.Fields;
import io.weir.daemon.yaml.Keys;
import io.weir.daemon.yaml.Node;
import org.jspecify.annotations.Nullable;

/** Reads {@code limits:}. */
final class LimitsSection {
  private static final Keys KEYS =
      Keys.of(
          "connections",
          "connections_per_ip",
          "header_size",
          "headers",
          "body_size",
          "min_body_rate",
          "buffer_memory",
          "requests_per_connection");

  private LimitsSection() {}

  static LimitsConfig read(@Nullable Node node) {
    LimitsConfig usual = LimitsConfig.DEFAULTS;
    if (node == null) {
      return usual;
    }
    Fields limits = node.fields(KEYS);
    LimitsConfig read = read(limits, usual);
    Node perIp = limits.get("connections_per_ip");
    if (perIp != null && read.connectionsPerIp() > read.connections()) {
      perIp.warning(
          "connections_per_ip changes nothing: connections is "
              + read.connections()
              + ", of all clients together",
          null);
    }
    return read;
  }

  private static LimitsConfig read(Fields limits, LimitsConfig usual) {
    return limits.build(
        () ->
            new LimitsConfig(
                limits.number("connections", usual.connections()),
                limits.number("connections_per_ip", usual.connectionsPerIp()),
                (int) Math.min(limits.size("header_size", usual.headerSize()), Integer.MAX_VALUE),
                limits.number("headers", usual.headers()),
                limits.size("body_size", usual.bodySize()),
                limits.byteRate("min_body_rate", usual.minBodyRate()),
                limits.size("buffer_memory", usual.bufferMemory()),
                limits.number("requests_per_connection", usual.requestsPerConnection())),
        usual);
  }
}
