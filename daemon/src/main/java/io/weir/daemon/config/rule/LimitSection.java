package io.weir.daemon.config.rule;

import io.weir.daemon.yaml.Fields;
import io.weir.daemon.yaml.Keys;
import io.weir.daemon.yaml.Node;
import io.weir.daemon.yaml.Units;
import io.weir.firewall.config.ActionConfig;
import io.weir.firewall.config.BanAfter;
import io.weir.firewall.config.BanTime;
import io.weir.firewall.config.KeyPart;
import io.weir.firewall.config.LimitConfig;
import io.weir.firewall.config.LimitConfig.Per;
import io.weir.firewall.config.Rate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads the actions that count: {@code limit:}, {@code concurrency:} and {@code bandwidth:}. */
final class LimitSection {
  private static final Keys LIMIT = Keys.of("key", "rate", "burst", "per", "then", "headers");
  private static final Keys THEN = Keys.of("ban", "after", "at_most");
  private static final Keys CONCURRENCY = Keys.of("key", "at_most");
  private static final Keys BANDWIDTH = Keys.of("key", "rate", "burst");
  private static final Keys NAMED = Keys.of("header", "cookie");
  private static final String PARTS =
      "ip | host | path | method | route | ja4 | { header: NAME } | { cookie: NAME }";

  private LimitSection() {}

  static ActionConfig limit(Node node, ActionConfig standIn) {
    Fields limit = node.fields(LIMIT);
    List<KeyPart> key = key(limit);
    Node rateNode = limit.require("rate", "a count per unit, like 100/s");
    Rate rate =
        rateNode == null ? null : rateNode.parsed(Rate::parse, "a count per unit, like 100/s");
    Node thenNode = limit.get("then");
    BanAfter then = thenNode == null ? null : then(thenNode);
    if (rate == null) {
      return standIn;
    }
    int usual = (int) Math.min(rate.count(), Integer.MAX_VALUE);
    return limit.build(
        () ->
            new ActionConfig.Limit(
                new LimitConfig(
                    key,
                    rate,
                    limit.number("burst", usual),
                    limit.word("per", Per.class, Per.REQUEST),
                    then,
                    limit.bool("headers", false))),
        standIn);
  }

  static ActionConfig concurrency(Node node, ActionConfig standIn) {
    Fields fields = node.fields(CONCURRENCY);
    List<KeyPart> key = key(fields);
    if (fields.require("at_most", "how many requests at once, like 10") == null) {
      return standIn;
    }
    return fields.build(
        () -> new ActionConfig.Concurrency(key, fields.number("at_most", 1)), standIn);
  }

  static ActionConfig bandwidth(Node node, ActionConfig standIn) {
    Fields fields = node.fields(BANDWIDTH);
    List<KeyPart> key = key(fields);
    Node rateNode = fields.require("rate", "bytes a second, like 1MiB/s");
    Long rate =
        rateNode == null ? null : rateNode.parsed(Units::byteRate, "bytes a second, like 1MiB/s");
    if (rate == null) {
      return standIn;
    }
    long usual = ActionConfig.Bandwidth.usualBurst(rate);
    return fields.build(
        () -> new ActionConfig.Bandwidth(key, rate, fields.size("burst", usual)), standIn);
  }

  private static @Nullable BanAfter then(Node node) {
    Fields then = node.fields(THEN);
    BanTime time = banTime(then, "ban");
    return time == null
        ? null
        : then.build(() -> new BanAfter(time, then.number("after", 1)), new BanAfter(time, 1));
  }

  /** The time of a ban under a key, and under {@code at_most} how long it may become. */
  static @Nullable BanTime banTime(Fields fields, String key) {
    if (fields.require(key, "for how long, like 15m") == null) {
      return null;
    }
    Duration first = fields.duration(key, Duration.ofMinutes(1));
    return fields.build(
        () -> new BanTime(first, fields.duration("at_most", first)),
        new BanTime(Duration.ofMinutes(1)));
  }

  private static List<KeyPart> key(Fields fields) {
    Node node = fields.require("key", "what to count by: " + PARTS.replace(" |", ","));
    if (node == null) {
      return List.of(new KeyPart.Ip());
    }
    List<KeyPart> parts = new ArrayList<>();
    for (Node item : node.list()) {
      KeyPart part = item.isMap() ? named(item) : part(item);
      if (part != null) {
        parts.add(part);
      }
    }
    return parts;
  }

  private static @Nullable KeyPart part(Node node) {
    return switch (node.text("")) {
      case "ip" -> new KeyPart.Ip();
      case "host" -> new KeyPart.Host();
      case "path" -> new KeyPart.Path();
      case "method" -> new KeyPart.Method();
      case "route" -> new KeyPart.Route();
      case "ja4" -> new KeyPart.Ja4();
      default -> {
        node.wrong(PARTS);
        yield null;
      }
    };
  }

  private static @Nullable KeyPart named(Node node) {
    Fields part = node.fields(NAMED);
    Node header = part.get("header");
    Node cookie = part.get("cookie");
    if (part.size() != 1) {
      node.error(
          "key: " + part.size() + " keys in a part (expected: one of header, cookie)",
          "a list counts by all of its parts together");
      return null;
    }
    if (header != null) {
      return header.refusable(() -> new KeyPart.Header(header.text("?")), null);
    }
    return cookie == null
        ? null
        : cookie.refusable(() -> new KeyPart.Cookie(cookie.text("?")), null);
  }
}
