package io.weir.firewall;

import io.weir.firewall.address.Cidr;
import io.weir.firewall.address.ClientAddress;
import io.weir.firewall.path.PathMode;
import io.weir.firewall.path.PathText;
import io.weir.firewall.path.RequestTarget;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * The rules as the configuration's reference tells them: one after the other, each from its text.
 */
final class NaiveFirewall {
  /** What one look gave. */
  record Result(
      Decision decision,
      int status,
      int rule,
      List<Integer> matched,
      List<Integer> passed,
      int retryAfter) {}

  private enum Field {
    HOST,
    PATH,
    OTHER
  }

  private final FirewallConfig config;
  private final List<String> listeners;
  private final Map<List<Object>, Long> paidAt = new HashMap<>();

  NaiveFirewall(FirewallConfig config, List<String> listeners) {
    this.config = config;
    this.listeners = listeners;
  }

  Result checkRequest(RequestView request, long nanos) {
    List<Integer> matched = new ArrayList<>();
    List<Integer> passed = new ArrayList<>();
    for (int i = 0; i < config.rules().size(); i++) {
      RuleConfig rule = config.rules().get(i);
      if (!matches(rule, request)) {
        continue;
      }
      boolean enforce = rule.mode() == RuleMode.ENFORCE;
      switch (rule.action()) {
        case ActionConfig.Limit(LimitConfig limit) -> {
          long wait = take(i, limit, request, nanos);
          if (wait == 0) {
            passed.add(i);
            continue;
          }
          matched.add(i);
          if (enforce) {
            int seconds = (int) Math.ceil(wait / 1e9);
            return new Result(Decision.LIMIT, 429, i, matched, passed, seconds);
          }
        }
        case ActionConfig.Allow() -> {
          matched.add(i);
          if (enforce) {
            return new Result(Decision.ALLOW, 0, i, matched, passed, 0);
          }
        }
        case ActionConfig.Deny(int status) -> {
          matched.add(i);
          if (enforce) {
            return new Result(Decision.DENY, status, i, matched, passed, 0);
          }
        }
        case ActionConfig.Drop() -> {
          matched.add(i);
          if (enforce) {
            return new Result(Decision.DROP, 0, i, matched, passed, 0);
          }
        }
        case ActionConfig.Log() -> matched.add(i);
      }
    }
    return switch (config.defaultAction()) {
      case DefaultAction.Allow() -> new Result(Decision.ALLOW, 0, -1, matched, passed, 0);
      case DefaultAction.Deny(int status) ->
          new Result(Decision.DENY, status, -1, matched, passed, 0);
    };
  }

  /** Whether the connection of this client would be dropped at accept. */
  boolean dropsAtAccept(RequestView anyOfIts) {
    for (RuleConfig rule : config.rules()) {
      if (rule.mode() == RuleMode.REPORT) {
        continue;
      }
      if (namesRequest(rule.match())) {
        return false;
      }
      if (matches(rule, anyOfIts) && !(rule.action() instanceof ActionConfig.Log)) {
        return rule.action() instanceof ActionConfig.Drop;
      }
    }
    return false;
  }

  static boolean namesRequest(MatchConfig match) {
    return switch (match) {
      case MatchConfig.All(var parts) -> parts.stream().anyMatch(NaiveFirewall::namesRequest);
      case MatchConfig.Any(var parts) -> parts.stream().anyMatch(NaiveFirewall::namesRequest);
      case MatchConfig.Not(var part) -> namesRequest(part);
      case MatchConfig.Ip ignored -> false;
      case MatchConfig.Listener ignored -> false;
      default -> true;
    };
  }

  private boolean matches(RuleConfig rule, RequestView request) {
    RequestTarget target = request.target();
    boolean any = false;
    boolean all = true;
    for (int r = 0; r < target.readingCount(); r++) {
      boolean one = matches(rule.match(), request, target.reading(r));
      any |= one;
      all &= one;
    }
    return rule.action() instanceof ActionConfig.Allow ? all : any;
  }

  private boolean matches(MatchConfig match, RequestView request, String path) {
    return switch (match) {
      case MatchConfig.All(var parts) ->
          parts.stream().allMatch(part -> matches(part, request, path));
      case MatchConfig.Any(var parts) ->
          parts.stream().anyMatch(part -> matches(part, request, path));
      case MatchConfig.Not(var part) -> !matches(part, request, path);
      case MatchConfig.Ip(var prefixes, var lists) ->
          prefixes.stream().anyMatch(p -> p.contains(request.client()))
              || lists.stream()
                  .flatMap(list -> entries(list).stream())
                  .anyMatch(entry -> Cidr.parse(entry).contains(request.client()));
      case MatchConfig.Method(var methods) -> methods.contains(request.method());
      case MatchConfig.Listener(var names) -> names.contains(listeners.get(request.listener()));
      case MatchConfig.Host(var patterns) ->
          any(patterns, request.host().isEmpty() ? List.of() : List.of(request.host()), Field.HOST);
      case MatchConfig.Path(var patterns) -> any(patterns, List.of(path), Field.PATH);
      case MatchConfig.Query(var name, var patterns) ->
          any(patterns, values(request.target().query(), name), Field.OTHER);
      case MatchConfig.Header(var name, var patterns) -> {
        List<String> lines = new ArrayList<>();
        request.eachHeader((line, value) -> {
          if (line.toString().equalsIgnoreCase(name)) {
            lines.add(value.toString());
          }
        });
        yield any(patterns, lines, Field.OTHER);
      }
    };
  }

  private List<String> entries(String list) {
    return ((ListSource.Inline) config.lists().get(list).source()).entries();
  }

  private boolean any(List<StringPattern> patterns, List<String> values, Field field) {
    for (StringPattern pattern : patterns) {
      if (pattern instanceof StringPattern.Present(boolean present)) {
        if (present != values.isEmpty()) {
          return true;
        }
      } else if (values.stream().anyMatch(value -> matches(pattern, value, field))) {
        return true;
      }
    }
    return false;
  }

  private boolean matches(StringPattern pattern, String value, Field field) {
    return switch (pattern) {
      case StringPattern.Exact(var text) -> value.equals(spell(text, field));
      case StringPattern.Prefix(var text) -> value.startsWith(spell(text, field));
      case StringPattern.Suffix(var text) -> value.endsWith(spell(text, field));
      case StringPattern.Contains(var text) -> value.contains(spell(text, field));
      case StringPattern.Below(var text) ->
          value.equals(spell(text, field)) || value.startsWith(spell(text, field) + "/");
      case StringPattern.Regex(var regex) ->
          Pattern.compile(regex)
              .matcher(
                  new String(value.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8))
              .find();
      case StringPattern.InList(var list) ->
          entries(list).stream().anyMatch(entry -> value.equals(spell(entry, field)));
      case StringPattern.ContainsAny(var list) ->
          entries(list).stream().anyMatch(entry -> value.contains(spell(entry, field)));
      case StringPattern.Present ignored -> throw new AssertionError();
    };
  }

  private String spell(String text, Field field) {
    return switch (field) {
      case PATH -> PathText.pattern(text, config.pathMode());
      case HOST -> text.toLowerCase(Locale.ROOT);
      case OTHER -> PathText.pattern(text, PathMode.OFF);
    };
  }

  private static List<String> values(String query, String name) {
    List<String> values = new ArrayList<>();
    if (query == null) {
      return values;
    }
    for (String part : query.split("&")) {
      String[] sides = part.split("=", 2);
      if (!part.isEmpty() && decode(sides[0]).equals(name)) {
        values.add(sides.length == 1 ? "" : decode(sides[1]));
      }
    }
    return values;
  }

  private static String decode(String text) {
    return Pattern.compile("%([0-9a-fA-F]{2})")
        .matcher(text.replace('+', ' '))
        .replaceAll(found ->
            java.util.regex.Matcher.quoteReplacement(
                "" + (char) Integer.parseInt(found.group(1), 16)));
  }

  private long take(int rule, LimitConfig limit, RequestView request, long nanos) {
    List<Object> key = new ArrayList<>(List.of(rule));
    for (KeyPart part : limit.key()) {
      key.add(
          switch (part) {
            case KeyPart.Ip() -> {
              ClientAddress client = request.client();
              yield client.isV6() ? "6:" + client.high() : "4:" + client.low();
            }
            case KeyPart.Host() -> request.host();
            case KeyPart.Path() -> request.target().reduced();
            case KeyPart.Method() -> request.method();
            case KeyPart.Route() -> request.route();
            case KeyPart.Header(var name) ->
                request.header(name) == null ? List.of() : request.header(name).toString();
          });
    }
    long interval =
        (limit.rate().per().toNanos() + limit.rate().count() - 1) / limit.rate().count();
    long paid = Math.max(paidAt.getOrDefault(key, nanos), nanos) + interval;
    if (paid - nanos > interval * limit.burst()) {
      return paid - nanos - interval * limit.burst();
    }
    paidAt.put(key, paid);
    return 0;
  }
}
