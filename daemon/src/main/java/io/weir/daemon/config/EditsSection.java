package io.weir.daemon.config;

import io.weir.core.config.EditsConfig;
import io.weir.core.config.EditsConfig.Headers;
import io.weir.core.config.EditsConfig.Rewrite;
import io.weir.daemon.yaml.Fields;
import io.weir.daemon.yaml.Keys;
import io.weir.daemon.yaml.Node;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads what a route changes; whether it may is found out when it is compiled. */
final class EditsSection {
  private static final Keys REWRITE = Keys.of("prefix", "regex", "to");
  private static final Keys HEADERS = Keys.of("set", "add", "remove");

  private EditsSection() {}

  static EditsConfig read(Fields route) {
    return new EditsConfig(
        route.text("strip_prefix", ""),
        rewrite(route.get("rewrite")),
        headers(route.get("request_headers")),
        headers(route.get("response_headers")));
  }

  private static @Nullable Rewrite rewrite(@Nullable Node node) {
    if (node == null) {
      return null;
    }
    Fields rewrite = node.fields(REWRITE);
    if (rewrite.has("prefix")) {
      rewrite.refuse("regex", "beside prefix: (expected: one of them)", null);
      rewrite.refuse("to", "beside prefix: (expected: only with regex)", null);
      return new EditsConfig.Prefix(rewrite.text("prefix", ""));
    }
    Node regex = rewrite.require("regex", "an expression, or prefix: and a path");
    Node to = rewrite.require("to", "what takes the place of what regex finds");
    return regex == null || to == null ? null : new EditsConfig.Regex(regex.text(""), to.text("/"));
  }

  private static Headers headers(@Nullable Node node) {
    if (node == null) {
      return Headers.NONE;
    }
    Fields headers = node.fields(HEADERS);
    Map<String, List<String>> add = new LinkedHashMap<>();
    Node added = headers.get("add");
    if (added != null) {
      added
          .named()
          .forEach((name, values) -> {
            if (values.list().isEmpty()) {
              values.wrong("a value, or a list of values");
            }
            add.put(name, values.list().stream().map(value -> value.text("")).toList());
          });
    }
    List<String> remove = new ArrayList<>();
    headers.list("remove").forEach(name -> remove.add(name.text("")));
    return new Headers(remove, set(headers.get("set")), add);
  }

  /** Values by name. */
  static Map<String, String> set(@Nullable Node node) {
    Map<String, String> set = new LinkedHashMap<>();
    if (node != null) {
      node.named().forEach((name, value) -> set.put(name, value.text("")));
    }
    return set;
  }
}
