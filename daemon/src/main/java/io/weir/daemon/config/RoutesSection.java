package io.weir.daemon.config;

import io.weir.core.config.EditsConfig;
import io.weir.core.config.RouteConfig;
import io.weir.core.config.RouteConfig.Action;
import io.weir.core.config.RouteConfig.Forward;
import io.weir.core.config.RouteConfig.Match;
import io.weir.core.config.RouteConfig.Redirect;
import io.weir.core.config.RouteConfig.Respond;
import io.weir.core.config.RouteConfig.Timeouts;
import io.weir.daemon.config.rule.MatchSection;
import io.weir.daemon.yaml.Fields;
import io.weir.daemon.yaml.FileText;
import io.weir.daemon.yaml.Keys;
import io.weir.daemon.yaml.Node;
import io.weir.firewall.config.MatchConfig;
import io.weir.firewall.config.StringPattern;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads {@code routes:}. */
final class RoutesSection {
  private static final List<String> ACTIONS = List.of("pool", "redirect", "respond");
  private static final Keys MATCH =
      Keys.of(
          "listener",
          "host",
          "path",
          "method",
          "query",
          "header",
          "cookie",
          "ip",
          "country",
          "asn",
          "not",
          "any",
          "raw_path",
          "protocol",
          "tls",
          "time");
  private static final Keys KEYS =
      Keys.of(
              "name",
              "match",
              "pool",
              "redirect",
              "respond",
              "encoded_slash",
              "strip_prefix",
              "rewrite",
              "request_headers",
              "response_headers",
              "timeouts")
          .elsewhere(MATCH.known(), "conditions belong below match, like match: { path: /api/* }");
  private static final Keys TIMEOUTS = Keys.of("response");

  private static final Keys REDIRECT = Keys.of("to", "status");

  private static final Keys RESPOND =
      Keys.of("status", "body", "body_file", "content_type", "headers");
  private static final int MAX_BODY = 1 << 20; // kept in memory once
  private static final String TEXT = "text/plain; charset=utf-8";

  /** Of which all was refused: unlike one that is not there, it keeps its route in its place. */
  private static final Match UNREADABLE =
      new Match(Set.of(), List.of(), List.of(), List.of(MatchConfig.ALWAYS));

  /** What becomes of {@code %2F} where paths are strict; 400 without the word. */
  private enum EncodedSlash {
    KEEP
  }

  private static final Action NOTHING = new Respond(404, "", null);

  private RoutesSection() {}

  static List<RouteConfig> read(@Nullable Node node) {
    List<RouteConfig> routes = new ArrayList<>();
    if (node != null && node.isMap() && Collections.disjoint(node.named().keySet(), KEYS.known())) {
      node.wrong("a list, each route after a dash");
    } else if (node != null) {
      node.list().forEach(route -> routes.add(route(route.fields(KEYS))));
    }
    return routes;
  }

  private static RouteConfig route(Fields route) {
    Node name = route.get("name");
    Node condition = route.get("match");
    Match match = condition == null ? Match.EVERYTHING : match(condition);
    Action action = action(route);
    EditsConfig edits = EditsSection.read(route);
    Timeouts timeouts = timeouts(route.get("timeouts"));
    Node slash = route.get("encoded_slash");
    boolean keeps =
        slash != null && slash.word(EncodedSlash.class, EncodedSlash.KEEP) == EncodedSlash.KEEP;
    return route.build(
        () ->
            new RouteConfig(
                name == null ? null : route.text("name", "?"),
                match,
                action,
                edits,
                timeouts,
                keeps),
        new RouteConfig(null, match, action, edits, timeouts, keeps));
  }

  private static Timeouts timeouts(@Nullable Node node) {
    if (node == null) {
      return Timeouts.USUAL;
    }
    Fields timeouts = node.fields(TIMEOUTS);
    return timeouts.build(
        () ->
            timeouts.get("response") == null
                ? Timeouts.USUAL
                : new Timeouts(timeouts.duration("response", Duration.ofSeconds(1))),
        Timeouts.USUAL);
  }

  private static Match match(Node node) {
    Fields match = node.fields(MATCH);
    if (match.isEmpty()) {
      node.error(
          "match: nothing (expected: at least one of " + String.join(", ", MATCH.known()) + ")",
          "leave match out to match everything");
    }
    Set<String> listeners = new LinkedHashSet<>();
    match.list("listener").forEach(name -> listeners.add(name.text("")));
    List<String> hosts = new ArrayList<>();
    List<StringPattern> paths = new ArrayList<>();
    List<String> indexed = new ArrayList<>(List.of("listener"));
    if (isPlain(match.get("host"))) {
      indexed.add("host");
      match.list("host").forEach(one -> addHost(one, hosts));
    }
    if (isPlain(match.get("path"))) {
      indexed.add("path");
      match.list("path").forEach(one -> addPath(one, paths));
    }
    match.hide(indexed);
    Match read = new Match(listeners, hosts, paths, MatchSection.conditions(match));
    return read.isEverything() ? UNREADABLE : read;
  }

  /** Whether it can be looked up; patterns in words are conditions like others. */
  private static boolean isPlain(@Nullable Node node) {
    return node != null && node.list().stream().noneMatch(Node::isMap);
  }

  private static void addHost(Node node, List<String> hosts) {
    MatchSection.checkHost(node);
    String host = node.parsed(Match::host, "a host, like www.foobar.com or \"*.foobar.com\"");
    if (host != null) {
      hosts.add(host);
    }
  }

  private static void addPath(Node node, List<StringPattern> paths) {
    MatchSection.checkPath(node);
    paths.add(
        node.parsed(Match::path, "a path, like /login or /api/*", new StringPattern.Exact("/")));
  }

  private static Action action(Fields route) {
    List<String> present = ACTIONS.stream().filter(route::has).toList();
    if (present.isEmpty()) {
      route.missing("pool", "one of pool, redirect, respond");
      return NOTHING;
    }
    for (String second : present.subList(1, present.size())) {
      route.refuse(second, "beside " + present.getFirst() + ": (expected: one of them)", null);
    }
    Node value = route.get(present.getFirst());
    if (value == null) {
      return NOTHING;
    }
    return switch (present.getFirst()) {
      case "pool" -> new Forward(value.text(""));
      case "redirect" -> redirect(value);
      default -> respond(value.fields(RESPOND));
    };
  }

  private static Action redirect(Node node) {
    if (node.isScalar()) {
      node.error(
          "redirect: " + node.inWords() + " (expected: { to: URL, status: 301 })",
          node.is("https") ? "redirect: https belongs to a listener" : null);
      return NOTHING;
    }
    Fields redirect = node.fields(REDIRECT);
    Node to = redirect.require("to", "a URL or a path");
    return redirect.build(
        () ->
            new Redirect(
                to == null ? "/" : redirect.text("to", "/"), redirect.number("status", 302)),
        NOTHING);
  }

  private static Action respond(Fields respond) {
    Node file = respond.get("body_file");
    if (file != null) {
      respond.refuse("body", "beside body_file: (expected: one of them)", null);
    }
    String body = file != null ? FileText.text(file, MAX_BODY) : respond.text("body", "");
    Map<String, String> headers = EditsSection.set(respond.get("headers"));
    String usualType = file != null ? typeOf(file.text("")) : TEXT;
    return respond.build(
        () ->
            new Respond(
                respond.number("status", 200),
                body,
                body.isEmpty() ? null : respond.text("content_type", usualType),
                headers),
        NOTHING);
  }

  private static String typeOf(String file) {
    return switch (ErrorPagesSection.byName(file)) {
      case HTML -> "text/html; charset=utf-8";
      case JSON -> "application/json";
      case null, default -> TEXT;
    };
  }
}
