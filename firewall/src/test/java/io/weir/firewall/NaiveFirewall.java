package io.weir.firewall;

import io.weir.firewall.address.Cidr;
import io.weir.firewall.address.ClientAddress;
import io.weir.firewall.config.ActionConfig;
import io.weir.firewall.config.BanAfter;
import io.weir.firewall.config.BanTime;
import io.weir.firewall.config.DefaultAction;
import io.weir.firewall.config.FirewallConfig;
import io.weir.firewall.config.KeyPart;
import io.weir.firewall.config.LimitConfig;
import io.weir.firewall.config.MatchConfig;
import io.weir.firewall.config.RuleConfig;
import io.weir.firewall.config.RuleMode;
import io.weir.firewall.config.StatusRange;
import io.weir.firewall.config.StringPattern;
import io.weir.firewall.config.WeekTimes;
import io.weir.firewall.list.ListSource;
import io.weir.firewall.path.PathMode;
import io.weir.firewall.path.PathText;
import io.weir.firewall.path.RequestTarget;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.IntPredicate;
import java.util.regex.Pattern;

/**
 * The rules as the configuration's reference tells them: one after the other, each from its text.
 */
final class NaiveFirewall {
  /** RE2 takes a brace that opens no count for itself; the JDK calls it an error. */
  private static final String LITERAL_BRACE = "\\{(?![0-9]+(?:,[0-9]*)?})";

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

  private boolean readsHellos;

  NaiveFirewall(FirewallConfig config, List<String> listeners) {
    this.config = config;
    this.listeners = listeners;
  }

  /** Of a tcp listener that reads the ClientHello. */
  NaiveFirewall readingHellos() {
    readsHellos = true;
    return this;
  }

  /** What is still to be told of a request. */
  record Pending(
      List<List<Object>> awaiting,
      List<LimitConfig> limits,
      List<List<StatusRange>> statuses,
      List<List<Object>> entered,
      List<Paced> paced) {
    Pending() {
      this(
          new ArrayList<>(),
          new ArrayList<>(),
          new ArrayList<>(),
          new ArrayList<>(),
          new ArrayList<>());
    }
  }

  /** A ban: until when, and how often in a row. */
  record Banned(long until, int times) {}

  private static final long DAY = 86_400_000;

  private final Map<List<Object>, Integer> underWay = new HashMap<>();
  private final Map<List<Object>, long[]> strikes = new HashMap<>(); // end in seconds, count
  final Map<String, Banned> bans = new HashMap<>();
  private Pending pending = new Pending();

  private static String network(ClientAddress client) {
    return client.isV6() ? "6:" + client.high() : "4:" + client.low();
  }

  /** What the last request left to be told. */
  Pending pending() {
    return pending;
  }

  void answered(Pending of, int status, long nanos) {
    for (int i = 0; i < of.awaiting.size(); i++) {
      if (of.statuses.get(i).stream().anyMatch(range -> range.holds(status))) {
        List<Object> key = of.awaiting.get(i);
        paidAt.put(key, nanos + owed(key, nanos) + interval(of.limits.get(i)));
      }
    }
  }

  /** A rule that paces a request. */
  record Paced(
      int index,
      List<Object> key,
      ActionConfig.Bandwidth rule,
      boolean enforce,
      boolean[] counted) {}

  private long owed(List<Object> key, long nanos) {
    return Math.max(paidAt.getOrDefault(key, nanos) - nanos, 0);
  }

  private static long debt(ActionConfig.Bandwidth rule, long bytes) {
    return (bytes * 1_000_000_000L + rule.bytesPerSecond() - 1) / rule.bytesPerSecond();
  }

  /** The rules by which the last {@link #sent} was the first that was too much. */
  List<Integer> held() {
    return held;
  }

  private final List<Integer> held = new ArrayList<>();

  /** So many bytes were sent: for how long no more should be. */
  long sent(Pending of, int bytes, long nanos) {
    held.clear();
    long wait = 0;
    for (Paced paced : of.paced) {
      long owed = owed(paced.key, nanos) + debt(paced.rule, bytes);
      paidAt.put(paced.key, nanos + owed);
      long over = owed - debt(paced.rule, paced.rule.burst());
      if (over > 0 && !paced.counted[0]) {
        paced.counted[0] = true;
        held.add(paced.index);
      }
      wait = paced.enforce ? Math.max(wait, over) : wait;
    }
    return wait;
  }

  void ended(Pending of) {
    of.entered.forEach(key -> underWay.merge(key, -1, Integer::sum));
  }

  private boolean isBanned(RequestView request, boolean tcp) {
    Banned ban = bans.get(network(request.client()));
    return ban != null && ban.until > request.epochMillis() && !isExempt(request, tcp);
  }

  private boolean isExempt(RequestView request, boolean tcp) {
    for (RuleConfig rule : config.rules()) {
      if (rule.mode() == RuleMode.REPORT) {
        continue;
      }
      if (readsHellos && asksHello(rule)) {
        return false;
      }
      if (namesRequest(StatusSplit.of(rule.match()).rest())) {
        if (!tcp) {
          return false;
        }
        continue;
      }
      boolean delays =
          switch (rule.action()) {
            case ActionConfig.Log _, ActionConfig.Bandwidth _ -> false;
            case ActionConfig.Limit(LimitConfig limit) ->
                limit.per() == LimitConfig.Per.REQUEST || limit.then() != null;
            default -> true;
          };
      if (delays && matches(rule, request)) {
        return rule.action() instanceof ActionConfig.Allow;
      }
    }
    return false;
  }

  private void ban(RequestView request, BanTime time) {
    long now = request.epochMillis();
    Banned before = bans.get(network(request.client()));
    int times = before == null || before.until + DAY <= now ? 0 : before.times;
    long length = time.first().toMillis();
    for (int i = 0; i < times; i++) {
      length = Math.min(2 * length, time.atMost().toMillis());
    }
    if (before == null || before.until <= now) {
      bans.put(network(request.client()), new Banned(now + length, times + 1));
    }
  }

  private void strike(List<Object> key, BanAfter then, RequestView request, long nanos) {
    long second = Math.floorDiv(nanos, 1_000_000_000L);
    long[] known = strikes.get(key);
    if (known == null || known[0] <= second) {
      known = new long[] {second + then.time().first().toSeconds(), 0};
      strikes.put(key, known);
    }
    if (++known[1] >= then.after()) {
      strikes.remove(key);
      ban(request, then.time());
    }
  }

  Result checkRequest(RequestView request, long nanos) {
    return check(request, nanos, false, rule -> true);
  }

  /** On a tcp listener; the rules are those that apply there. */
  Result checkTcp(RequestView request, long nanos) {
    return check(request, nanos, true, rule -> true);
  }

  /** On a tcp listener, before the hello is there; without a rule: the rest will be asked then. */
  Result checkBeforeHello(RequestView request, long nanos) {
    return check(request, nanos, true, rule -> !waitsForHello(rule));
  }

  /** The rest. */
  Result checkHello(RequestView request, long nanos) {
    return check(request, nanos, true, this::waitsForHello);
  }

  private boolean waitsForHello(int index) {
    RuleConfig rule = config.rules().get(index);
    boolean ofConnections =
        rule.action() instanceof ActionConfig.Limit(LimitConfig limit)
            && limit.per() == LimitConfig.Per.CONNECTION;
    boolean isBehind =
        config.rules().subList(0, index).stream()
            .anyMatch(before -> before.mode() == RuleMode.ENFORCE && asksHello(before));
    return asksHello(rule) || (isBehind && !ofConnections);
  }

  private Result check(RequestView request, long nanos, boolean tcp, IntPredicate asked) {
    pending = new Pending();
    List<Integer> matched = new ArrayList<>();
    List<Integer> passed = new ArrayList<>();
    if (isBanned(request, tcp)) {
      return new Result(Decision.BAN, tcp ? 0 : 403, -1, matched, passed, 0);
    }
    for (int i = 0; i < config.rules().size(); i++) {
      RuleConfig rule = config.rules().get(i);
      boolean perConnection =
          rule.action() instanceof ActionConfig.Limit(LimitConfig limit)
              && limit.per() == LimitConfig.Per.CONNECTION;
      if (!asked.test(i) || (perConnection && !tcp) || !matches(rule, request)) {
        continue;
      }
      boolean enforce = rule.mode() == RuleMode.ENFORCE;
      int retryAfter = 0;
      if (rule.action() instanceof ActionConfig.Limit(LimitConfig limit)) {
        List<StatusRange> statuses = StatusSplit.of(rule.match()).statuses();
        List<Object> key = key(i, limit.key(), request);
        long wait = take(limit, key, nanos, statuses.isEmpty());
        if (!statuses.isEmpty() && wait == 0) {
          pending.awaiting.add(key);
          pending.limits.add(limit);
          pending.statuses.add(statuses);
        }
        if (wait == 0) {
          passed.add(i);
          continue;
        }
        retryAfter = (int) Math.ceil(wait / 1e9);
        if (enforce && limit.then() != null) {
          strike(key, limit.then(), request, nanos);
        }
      }
      if (rule.action() instanceof ActionConfig.Concurrency concurrency) {
        List<Object> key = key(i, concurrency.key(), request);
        if (underWay.getOrDefault(key, 0) < concurrency.atMost()) {
          underWay.merge(key, 1, Integer::sum);
          pending.entered.add(key);
          passed.add(i);
          continue;
        }
      }
      if (rule.action() instanceof ActionConfig.Bandwidth bandwidth) {
        List<Object> key = key(i, bandwidth.key(), request);
        boolean over = owed(key, nanos) > debt(bandwidth, bandwidth.burst());
        pending.paced.add(new Paced(i, key, bandwidth, enforce, new boolean[] {over}));
        if (!over) {
          passed.add(i);
          continue;
        }
      }
      matched.add(i);
      if (!enforce
          || rule.action() instanceof ActionConfig.Log
          || rule.action() instanceof ActionConfig.Bandwidth) {
        continue;
      }
      Decision decision = decision(rule.action());
      int status =
          switch (rule.action()) {
            case ActionConfig.Deny(int of) -> of;
            case ActionConfig.Redirect(var to, int of) -> of;
            case ActionConfig.Limit ignored -> perConnection ? 0 : 429;
            case ActionConfig.Concurrency ignored -> 429;
            default -> 0;
          };
      if (rule.action() instanceof ActionConfig.Ban(BanTime time)) {
        ban(request, time);
      }
      return new Result(decision, status, i, matched, passed, retryAfter);
    }
    return switch (config.defaultAction()) {
      case DefaultAction.Allow() -> new Result(Decision.ALLOW, 0, -1, matched, passed, 0);
      case DefaultAction.Deny(int status) ->
          new Result(Decision.DENY, status, -1, matched, passed, 0);
    };
  }

  private static Decision decision(ActionConfig action) {
    return Decision.valueOf(action.label().toUpperCase(Locale.ROOT));
  }

  /** Why the connection of this client would be sent away at accept; null if it would not. */
  Decision checkConnection(RequestView anyOfIts, long nanos) {
    if (isBanned(anyOfIts, false)) {
      return Decision.BAN;
    }
    boolean over = false;
    for (int i = 0; i < config.rules().size(); i++) {
      RuleConfig rule = config.rules().get(i);
      boolean enforce = rule.mode() == RuleMode.ENFORCE;
      if (namesRequest(StatusSplit.of(rule.match()).rest())) {
        over |= enforce;
        continue;
      }
      if (rule.action() instanceof ActionConfig.Limit(LimitConfig limit)
          && limit.per() == LimitConfig.Per.CONNECTION) {
        List<Object> key = key(i, limit.key(), anyOfIts);
        if (matches(rule, anyOfIts) && take(limit, key, nanos, true) > 0 && enforce) {
          if (limit.then() != null) {
            strike(key, limit.then(), anyOfIts, nanos);
          }
          return Decision.LIMIT;
        }
        continue;
      }
      if (over || !enforce || !matches(rule, anyOfIts)) {
        continue;
      }
      switch (rule.action()) {
        case ActionConfig.Log() -> {}
        case ActionConfig.Bandwidth ignored -> {}
        case ActionConfig.Allow() -> {
          return null;
        }
        case ActionConfig.Drop() -> {
          return Decision.DROP;
        }
        case ActionConfig.Ban(BanTime time) -> {
          ban(anyOfIts, time);
          return Decision.BAN;
        }
        default -> over = true;
      }
    }
    return null;
  }

  /** Whether only a ClientHello, or a request, tells what it says or counts. */
  static boolean asksHello(RuleConfig rule) {
    boolean counted =
        switch (rule.action()) {
          case ActionConfig.Limit(var limit) -> limit.key().contains(new KeyPart.Ja4());
          case ActionConfig.Concurrency(var key, int atMost) -> key.contains(new KeyPart.Ja4());
          default -> false;
        };
    return counted || namesHello(rule.match());
  }

  private static boolean namesHello(MatchConfig match) {
    return switch (match) {
      case MatchConfig.All(var parts) -> parts.stream().anyMatch(NaiveFirewall::namesHello);
      case MatchConfig.Any(var parts) -> parts.stream().anyMatch(NaiveFirewall::namesHello);
      case MatchConfig.Not(var part) -> namesHello(part);
      case MatchConfig.ServerName ignored -> true;
      case MatchConfig.Ja4 ignored -> true;
      default -> false;
    };
  }

  /** Whether a ClientHello tells all that it says and counts. */
  static boolean isToldByHello(RuleConfig rule) {
    return isToldByHello(rule.match())
        && switch (rule.action()) {
          case ActionConfig.Concurrency(var key, int atMost) -> isToldByHello(key);
          case ActionConfig.Bandwidth ignored -> false;
          case ActionConfig.Limit(var limit) -> isToldByHello(limit.key());
          default -> true;
        };
  }

  private static boolean isToldByHello(List<KeyPart> key) {
    return key.stream().allMatch(p -> p instanceof KeyPart.Ip || p instanceof KeyPart.Ja4);
  }

  private static boolean isToldByHello(MatchConfig match) {
    return switch (match) {
      case MatchConfig.All(var parts) -> parts.stream().allMatch(NaiveFirewall::isToldByHello);
      case MatchConfig.Any(var parts) -> parts.stream().allMatch(NaiveFirewall::isToldByHello);
      case MatchConfig.Not(var part) -> isToldByHello(part);
      case MatchConfig.ServerName ignored -> true;
      case MatchConfig.Ja4 ignored -> true;
      default -> !namesRequest(match);
    };
  }

  static boolean namesRequest(MatchConfig match) {
    return switch (match) {
      case MatchConfig.All(var parts) -> parts.stream().anyMatch(NaiveFirewall::namesRequest);
      case MatchConfig.Any(var parts) -> parts.stream().anyMatch(NaiveFirewall::namesRequest);
      case MatchConfig.Not(var part) -> namesRequest(part);
      case MatchConfig.Ip ignored -> false;
      case MatchConfig.Listener ignored -> false;
      case MatchConfig.Time ignored -> false;
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

  boolean matches(MatchConfig match, RequestView request, String path) {
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
      case MatchConfig.RawPath(var patterns) ->
          any(patterns, List.of(request.target().original()), Field.OTHER);
      case MatchConfig.Protocol(var names) -> names.contains(request.protocol());
      case MatchConfig.TlsVersion(var versions) ->
          request.tlsVersion() != null && versions.contains(request.tlsVersion());
      case MatchConfig.ServerName(var patterns) ->
          any(patterns, listOf(request.serverName()), Field.HOST);
      case MatchConfig.ClientSubject(var patterns) ->
          any(patterns, listOf(request.clientSubject()), Field.OTHER);
      case MatchConfig.Ja4(var patterns) -> any(patterns, listOf(request.ja4()), Field.OTHER);
      case MatchConfig.Route(var names) -> names.contains(request.route());
      case MatchConfig.Time(var times) -> isWithin(times, request.epochMillis());
      case MatchConfig.ResponseStatus ignored -> true; // of the answer, later
      case MatchConfig.Cookie(var name, var patterns) ->
          any(patterns, cookies(request, name), Field.OTHER);
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

  private static List<String> listOf(String nullable) {
    return nullable == null ? List.of() : List.of(nullable);
  }

  private static boolean isWithin(WeekTimes times, long epochMillis) {
    ZonedDateTime now = Instant.ofEpochMilli(epochMillis).atZone(times.zone());
    int minute = now.getHour() * 60 + now.getMinute();
    for (WeekTimes.Hours span : times.hours()) {
      boolean overnight = span.to() <= span.from();
      boolean today = minute >= span.from() && (overnight || minute < span.to());
      boolean begunYesterday = overnight && minute < span.to();
      if ((today && times.days().contains(now.getDayOfWeek()))
          || (begunYesterday && times.days().contains(now.getDayOfWeek().minus(1)))) {
        return true;
      }
    }
    return false;
  }

  static List<String> cookies(RequestView request, String name) {
    List<String> values = new ArrayList<>();
    request.eachHeader((line, value) -> {
      if (!line.toString().equalsIgnoreCase("cookie")) {
        return;
      }
      for (String part : value.toString().split(";")) {
        String[] sides = part.strip().split("=", 2);
        if (sides.length == 2 && sides[0].strip().equals(name)) {
          String text = sides[1].strip();
          boolean quoted = text.length() > 1 && text.startsWith("\"") && text.endsWith("\"");
          values.add(quoted ? text.substring(1, text.length() - 1) : text);
        }
      }
    });
    return values;
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
          Pattern.compile(regex.replaceAll(LITERAL_BRACE, "\\\\{"))
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

  private List<Object> key(int rule, List<KeyPart> parts, RequestView request) {
    List<Object> key = new ArrayList<>(List.of(rule));
    for (KeyPart part : parts) {
      key.add(
          switch (part) {
            case KeyPart.Ip() -> network(request.client());
            case KeyPart.Host() -> request.host();
            case KeyPart.Path() -> request.target().reduced();
            case KeyPart.Method() -> request.method();
            case KeyPart.Route() -> request.route();
            case KeyPart.Ja4() -> listOf(request.ja4());
            case KeyPart.Header(var name) -> all(headers(request, name), "");
            case KeyPart.Cookie(var name) -> all(cookies(request, name), network(request.client()));
          });
    }
    return key;
  }

  /** The values, each once; of several only that, and who sent them. */
  private static List<Object> all(List<String> values, String whose) {
    List<Object> different = new ArrayList<>(new LinkedHashSet<>(values));
    return different.size() > 1 ? List.of("several", "of", whose) : different;
  }

  private static List<String> headers(RequestView request, String name) {
    List<String> values = new ArrayList<>();
    request.eachHeader((line, value) -> {
      if (line.toString().equalsIgnoreCase(name)) {
        values.add(value.toString());
      }
    });
    return values;
  }

  private static long interval(LimitConfig limit) {
    return (limit.rate().per().toNanos() + limit.rate().count() - 1) / limit.rate().count();
  }

  private long take(LimitConfig limit, List<Object> key, long nanos, boolean really) {
    long interval = interval(limit);
    long paid = Math.max(paidAt.getOrDefault(key, nanos), nanos) + interval;
    if (paid - nanos > interval * limit.burst()) {
      return paid - nanos - interval * limit.burst();
    }
    if (really) {
      paidAt.put(key, paid);
    }
    return 0;
  }
}
