package io.weir.daemon.config;

import io.weir.core.config.DidYouMean;
import io.weir.firewall.ActionConfig;
import io.weir.firewall.KeyPart;
import io.weir.firewall.LimitConfig;
import io.weir.firewall.Rate;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads {@code action:} of a rule. */
final class ActionSection {
  static final String EXPECTED = "allow | drop | log | { deny: 403 } | { limit: ... }";

  private static final Set<String> LATER = Set.of("ban", "tarpit", "redirect", "concurrency");
  private static final Keys KEYS = Keys.of("deny", "limit").later(LATER.toArray(String[]::new));
  private static final Keys LIMIT = Keys.of("key", "rate", "burst").later("then");
  private static final Keys HEADER = Keys.of("header").later("cookie", "query");

  private ActionSection() {}

  static ActionConfig read(Node node) {
    ActionConfig standIn = new ActionConfig.Log();
    if (!node.isMap()) {
      return word(node, standIn);
    }
    Fields action = node.fields(KEYS);
    Node deny = action.get("deny");
    Node limit = action.get("limit");
    if (action.size() != 1) {
      node.error(
          "action: " + action.size() + " actions (expected: one of deny, limit)",
          "one rule does one thing");
    }
    if (deny != null) {
      return deny.refusable(() -> new ActionConfig.Deny(deny.number(403)), standIn);
    }
    return limit == null ? standIn : limit(limit, standIn);
  }

  private static ActionConfig word(Node node, ActionConfig standIn) {
    if (!node.isScalar()) {
      node.wrong(EXPECTED);
      return standIn;
    }
    return switch (node.text("")) {
      case "allow" -> new ActionConfig.Allow();
      case "drop" -> new ActionConfig.Drop();
      case "log" -> new ActionConfig.Log();
      case String word when LATER.contains(word) -> {
        node.error("action: " + word + ": not supported by this version", null);
        yield standIn;
      }
      case String word -> {
        node.error(
            "action: " + node.inWords() + " (expected: " + EXPECTED + ")",
            DidYouMean.hint(word, List.of("allow", "drop", "log", "deny", "limit")));
        yield standIn;
      }
    };
  }

  private static ActionConfig limit(Node node, ActionConfig standIn) {
    Fields limit = node.fields(LIMIT);
    Node keyNode =
        limit.require("key", "what to count by: ip, host, path, method, route, { header: NAME }");
    Node rateNode = limit.require("rate", "a count per unit, like 100/s");
    List<KeyPart> key = keyNode == null ? List.of(new KeyPart.Ip()) : key(keyNode);
    Rate rate =
        rateNode == null ? null : rateNode.parsed(Rate::parse, "a count per unit, like 100/s");
    if (rate == null) {
      return standIn;
    }
    int usual = (int) Math.min(rate.count(), Integer.MAX_VALUE);
    return limit.build(
        () -> new ActionConfig.Limit(new LimitConfig(key, rate, limit.number("burst", usual))),
        standIn);
  }

  private static List<KeyPart> key(Node node) {
    List<KeyPart> parts = new ArrayList<>();
    for (Node item : node.list()) {
      KeyPart part = item.isMap() ? header(item) : part(item);
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
      default -> {
        node.wrong("ip | host | path | method | route | { header: NAME }");
        yield null;
      }
    };
  }

  private static @Nullable KeyPart header(Node node) {
    Fields part = node.fields(HEADER);
    Node name = part.require("header", "the name of a header");
    return name == null ? null : name.refusable(() -> new KeyPart.Header(name.text("?")), null);
  }
}
