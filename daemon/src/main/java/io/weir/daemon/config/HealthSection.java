package io.weir.daemon.config;

import io.weir.core.config.HealthConfig;
import io.weir.core.config.HealthConfig.Probe;
import io.weir.daemon.yaml.Fields;
import io.weir.daemon.yaml.Keys;
import io.weir.daemon.yaml.Node;
import io.weir.firewall.config.StatusRange;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads {@code health:} of a pool. */
final class HealthSection {
  private static final Keys KEYS =
      Keys.of(
          "type", "path", "host", "status", "service", "tls", "every", "timeout", "rise", "fall");
  private static final Set<String> TYPES = Set.of("http", "tcp", "tls", "mysql", "grpc");
  private static final List<StatusRange> GOOD = List.of(new StatusRange(200, 399));

  private HealthSection() {}

  static @Nullable HealthConfig read(Node node) {
    Fields health = node.fields(KEYS);
    Probe probe =
        switch (type(health)) {
          case "tcp" -> silent(health, "a tcp check", new HealthConfig.Tcp());
          case "tls" -> silent(health, "a tls check", tls(health));
          case "mysql" -> silent(health, "a mysql check", new HealthConfig.MySql());
          case "grpc" -> grpc(health);
          default -> http(health);
        };
    return health.build(
        () -> {
          Duration every = health.duration("every", HealthConfig.DEFAULT_EVERY);
          return new HealthConfig(
              probe,
              every,
              health.duration("timeout", shorter(HealthConfig.DEFAULT_TIMEOUT, every)),
              health.number("rise", HealthConfig.DEFAULT_RISE),
              health.number("fall", HealthConfig.DEFAULT_FALL));
        },
        null);
  }

  private static Duration shorter(Duration a, Duration b) {
    return a.compareTo(b) <= 0 ? a : b;
  }

  private static String type(Fields health) {
    Node type = health.get("type");
    String word = type == null ? "http" : type.text("");
    if (type != null && !TYPES.contains(word)) {
      type.wrong("http | tcp | tls | mysql | grpc");
    }
    if (!word.equals("tls")) {
      health.refuse("tls", "on another check (expected: only with type: tls)", null);
    }
    return word;
  }

  private static Probe tls(Fields health) {
    Node tls = health.get("tls");
    return new HealthConfig.Tls(tls == null ? null : UpstreamTlsSection.read(tls));
  }

  /** A check that asks nothing. */
  private static Probe silent(Fields health, String kind, Probe probe) {
    for (String key : List.of("path", "host", "status")) {
      health.refuse(key, "on " + kind + " (expected: only with type: http)", null);
    }
    health.refuse("service", "on " + kind + " (expected: only with type: grpc)", null);
    return probe;
  }

  private static Probe grpc(Fields health) {
    for (String key : List.of("path", "status")) {
      health.refuse(key, "on a grpc check (expected: only with type: http)", null);
    }
    return health.build(
        () -> new HealthConfig.Grpc(health.text("service", ""), health.text("host", "")),
        new HealthConfig.Grpc("", ""));
  }

  private static Probe http(Fields health) {
    health.refuse("service", "on an http check (expected: only with type: grpc)", null);
    Node status = health.get("status");
    List<StatusRange> ranges = status == null ? GOOD : ranges(status);
    return health.build(
        () -> new HealthConfig.Http(health.text("path", "/"), health.text("host", ""), ranges),
        new HealthConfig.Http("/", "", ranges));
  }

  private static List<StatusRange> ranges(Node node) {
    List<StatusRange> ranges = new ArrayList<>();
    for (Node item : node.list()) {
      StatusRange range = item.parsed(StatusRange::parse, "a status or a range, like 200-399");
      if (range != null) {
        ranges.add(range);
      }
    }
    if (node.list().isEmpty()) {
      node.wrong("statuses, like [200-399]");
    }
    return ranges;
  }
}
