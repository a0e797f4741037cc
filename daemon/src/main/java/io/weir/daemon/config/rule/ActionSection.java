package io.weir.daemon.config.rule;

import io.weir.daemon.yaml.Fields;
import io.weir.daemon.yaml.Keys;
import io.weir.daemon.yaml.Node;
import io.weir.firewall.config.ActionConfig;
import io.weir.firewall.config.BanTime;
import io.weir.firewall.problem.NearestName;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Reads {@code action:} of a rule. */
final class ActionSection {
  static final String EXPECTED =
      "allow | drop | log | { deny: 403 } | { limit: ... } | { concurrency: ... } | { bandwidth:"
          + " ... } | { tarpit: 10s } | { redirect: URL } | { ban: 1h }";

  private static final List<String> MAPS =
      List.of("deny", "limit", "concurrency", "bandwidth", "tarpit", "redirect", "ban");
  private static final List<String> WORDS = List.of("allow", "drop", "log");
  private static final Keys KEYS = Keys.of(MAPS.toArray(String[]::new));
  private static final Keys REDIRECT = Keys.of("to", "status");
  private static final Keys BAN = Keys.of("for", "at_most");

  private ActionSection() {}

  static ActionConfig read(Node node) {
    ActionConfig standIn = new ActionConfig.Log();
    if (!node.isMap()) {
      return word(node, standIn);
    }
    Fields action = node.fields(KEYS);
    if (action.size() != 1) {
      node.error(
          "action: "
              + action.size()
              + " actions (expected: one of "
              + String.join(", ", MAPS)
              + ")",
          "one rule does one thing");
    }
    ActionConfig read = standIn;
    for (String key : MAPS) {
      Node value = action.get(key);
      if (value != null) {
        read = read(key, value, standIn);
      }
    }
    return read;
  }

  private static ActionConfig read(String key, Node value, ActionConfig standIn) {
    return switch (key) {
      case "deny" -> value.refusable(() -> new ActionConfig.Deny(value.number(403)), standIn);
      case "limit" -> LimitSection.limit(value, standIn);
      case "concurrency" -> LimitSection.concurrency(value, standIn);
      case "bandwidth" -> LimitSection.bandwidth(value, standIn);
      case "tarpit" ->
          value.refusable(
              () -> new ActionConfig.Tarpit(value.duration(Duration.ofSeconds(10))), standIn);
      case "redirect" -> redirect(value, standIn);
      default -> ban(value, standIn);
    };
  }

  private static ActionConfig redirect(Node node, ActionConfig standIn) {
    if (!node.isMap()) {
      return node.refusable(() -> new ActionConfig.Redirect(node.text("/"), 302), standIn);
    }
    Fields redirect = node.fields(REDIRECT);
    if (redirect.require("to", "where to, like https://www.foobar.com/") == null) {
      return standIn;
    }
    return redirect.build(
        () -> new ActionConfig.Redirect(redirect.text("to", "/"), redirect.number("status", 302)),
        standIn);
  }

  private static ActionConfig ban(Node node, ActionConfig standIn) {
    if (!node.isMap()) {
      return node.refusable(
          () -> new ActionConfig.Ban(new BanTime(node.duration(Duration.ofHours(1)))), standIn);
    }
    BanTime time = LimitSection.banTime(node.fields(BAN), "for");
    return time == null ? standIn : new ActionConfig.Ban(time);
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
      case String word -> {
        List<String> known = new ArrayList<>(WORDS);
        known.addAll(MAPS);
        node.error(
            "action: " + node.inWords() + " (expected: " + EXPECTED + ")",
            MAPS.contains(word)
                ? "it needs to be told how: { " + word + ": ... }"
                : NearestName.hint(word, known));
        yield standIn;
      }
    };
  }
}
