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
import io.weir.firewall.config.Rate;
import io.weir.firewall.config.RuleConfig;
import io.weir.firewall.config.RuleMode;
import io.weir.firewall.config.StatusRange;
import io.weir.firewall.config.StringPattern;
import io.weir.firewall.config.WeekTimes;
import io.weir.firewall.list.ListConfig;
import io.weir.firewall.list.ListSource;
import io.weir.firewall.list.ListType;
import io.weir.firewall.path.PathMode;
import io.weir.firewall.path.RequestTarget;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Supplier;

/** Makes rules and requests out of so few words that they often meet. */
final class RandomRules {
  static final List<String> LISTENERS = List.of("web", "secure", "internal");

  private static final String[] PREFIXES = {
    "0.0.0.0/0",
    "10.0.0.0/8",
    "10.1.0.0/16",
    "10.1.2.0/24",
    "10.1.2.3",
    "192.0.2.0/24",
    "::/0",
    "2001:db8::/32",
    "2001:db8:1::/48",
    "2001:db8:1::5"
  };
  private static final String[] CLIENTS = {
    "10.1.2.3",
    "10.1.2.4",
    "10.1.9.9",
    "10.9.9.9",
    "192.0.2.77",
    "203.0.113.9",
    "2001:db8:1::5",
    "2001:db8:1::6",
    "2001:db8:7::1",
    "2a00::1"
  };
  private static final String[] JA4 = {
    "t13d1516h2_8daaf6152771_e5627efa2ab1",
    "t13d1715h2_5b57614c22b0_3d5424432f57",
    "t12i0300h1_8daaf6152771_000000000000"
  };
  private static final String[] WORDS = {
    "a", "b", "ab", "admin", "api", "a.b", "x y", "\u00fc", "Admin", "index.php", ""
  };
  private static final String[] TARGET_PARTS = {
    "/a",
    "/b",
    "/ab",
    "/admin",
    "/api",
    "/a.b",
    "/x%20y",
    "/%C3%BC",
    "/Admin",
    "/index.php",
    "/",
    "//",
    "/..",
    "/.",
    "%2F",
    ";v=1",
    "%5C",
    "/%61",
    "%252F",
    "/admin/",
    "%20"
  };
  private static final String[] REGEXES = {
    "ad.in",
    "^/a",
    "php$",
    "a+b",
    "(api|admin)",
    "x?b",
    "[ab]{2}",
    "(?i)ADMIN",
    "i(nd|pi)?e",
    "\\.",
    "^$",
    "(a|b)(p|d)",
    "\u00fc",
    "a.*n",
    "(?:in|mi)[nd]+e?x?",
    "ad{1}mi",
    "a{1",
    "a{2[}]b|in",
    "(dmi{3)|php"
  };
  private static final String[] HEADERS = {"x-a", "x-b", "user-agent", "referer", "cookie", "x-c"};
  private static final String[] HOSTS = {"a.com", "www.a.com", "b.org", "admin.b.org", ""};

  private final SplittableRandom random;
  private final PathMode mode;
  private boolean ofHellos;

  RandomRules(SplittableRandom random) {
    this.random = random;
    int drawn = random.nextInt(2 * PathMode.values().length);
    mode = drawn < PathMode.values().length ? PathMode.values()[drawn] : PathMode.COMPATIBLE;
  }

  /** How its requests' paths are read; half of the time, or more, as by default. */
  PathMode mode() {
    return mode;
  }

  /** Mostly rules that a ClientHello suffices for. */
  RandomRules ofHellos() {
    ofHellos = true;
    return this;
  }

  private String any(String... choices) {
    return choices[random.nextInt(choices.length)];
  }

  private <T> List<T> some(int most, Supplier<T> one) {
    List<T> some = new ArrayList<>();
    int count = random.nextInt(1, most + 1);
    for (int i = 0; i < count; i++) {
      some.add(one.get());
    }
    return some;
  }

  FirewallConfig config(int rules) {
    Map<String, ListConfig> lists = new LinkedHashMap<>();
    lists.put(
        "addresses",
        new ListConfig(ListType.ADDRESSES, new ListSource.Inline(some(4, () -> any(PREFIXES)))));
    lists.put(
        "texts",
        new ListConfig(
            ListType.TEXT,
            new ListSource.Inline(
                some(4, () -> any("a", "admin", "/a", "b.org", "/ab/b", "php")))));
    List<String> many = new ArrayList<>(List.of("admin", "/api", "a.com", "\u00fc"));
    for (int i = 0; i < 300; i++) { // long enough for a set of its own
      many.add("never-" + i);
    }
    lists.put("many", new ListConfig(ListType.TEXT, new ListSource.Inline(many)));
    List<RuleConfig> made = new ArrayList<>();
    for (int i = 0; i < rules; i++) {
      RuleMode mode = random.nextInt(4) == 0 ? RuleMode.REPORT : RuleMode.ENFORCE;
      made.add(rule("rule-" + i, mode));
    }
    return new FirewallConfig(
        random.nextInt(3) == 0 ? new DefaultAction.Deny(403) : new DefaultAction.Allow(),
        mode,
        made,
        lists);
  }

  private RuleConfig rule(String name, RuleMode mode) {
    ActionConfig action = action();
    if (!(action instanceof ActionConfig.Limit(var limit))) {
      return new RuleConfig(name, match(3), action, mode);
    }
    if (limit.per() == LimitConfig.Per.CONNECTION) {
      MatchConfig match =
          switch (random.nextInt(3)) {
            case 0 -> new MatchConfig.Ip(some(3, () -> Cidr.parse(any(PREFIXES))), List.of());
            case 1 -> new MatchConfig.Not(new MatchConfig.Listener(Set.of(LISTENERS.getFirst())));
            default -> new MatchConfig.Time(times());
          };
      return new RuleConfig(name, match, action, mode);
    }
    boolean ofAnswers = random.nextInt(3) == 0;
    MatchConfig match = ofAnswers ? new MatchConfig.All(List.of(statuses(), match(2))) : match(3);
    return new RuleConfig(name, match, action, mode);
  }

  private MatchConfig statuses() {
    return new MatchConfig.ResponseStatus(
        some(2, () -> StatusRange.parse(any("404", "401", "400-499", "500-503", "200"))));
  }

  private ActionConfig action() {
    return switch (random.nextInt(15)) {
      case 14 -> new ActionConfig.Bandwidth(some(2, this::keyPart), 1 << 20, 1 << 20);
      case 0, 1 -> new ActionConfig.Allow();
      case 2 -> new ActionConfig.Deny(random.nextInt(400, 600));
      case 3 -> new ActionConfig.Drop();
      case 4 -> new ActionConfig.Log();
      case 5 -> new ActionConfig.Tarpit(Duration.ofSeconds(5));
      case 6 -> new ActionConfig.Redirect("/elsewhere", 302);
      case 7 -> new ActionConfig.Ban(banTime());
      case 8, 9 -> new ActionConfig.Concurrency(some(2, this::keyPart), random.nextInt(1, 4));
      default -> new ActionConfig.Limit(limit());
    };
  }

  private BanTime banTime() {
    Duration first = Duration.ofMillis(1000 * random.nextInt(1, 4));
    return new BanTime(first, first.multipliedBy(random.nextInt(1, 9)));
  }

  private LimitConfig limit() {
    List<KeyPart> key = new ArrayList<>(some(3, this::keyPart));
    LimitConfig limit =
        new LimitConfig(
            key, new Rate(random.nextLong(1, 20), Duration.ofSeconds(1)), random.nextLong(1, 10));
    BanAfter then = new BanAfter(banTime(), random.nextInt(1, 5));
    return switch (random.nextInt(4)) {
      case 0 ->
          new LimitConfig(List.of(new KeyPart.Ip()), limit.rate(), limit.burst()).perConnection();
      case 1 -> {
        key.add(new KeyPart.Ip());
        yield new LimitConfig(key, limit.rate(), limit.burst()).then(then);
      }
      default -> limit;
    };
  }

  private KeyPart keyPart() {
    if (ofHellos && random.nextInt(8) > 0) {
      return random.nextBoolean() ? new KeyPart.Ip() : new KeyPart.Ja4();
    }
    return switch (random.nextInt(8)) {
      case 7 -> new KeyPart.Ja4();
      case 6 -> new KeyPart.Cookie(any("a", "b"));
      case 0 -> new KeyPart.Host();
      case 1 -> new KeyPart.Path();
      case 2 -> new KeyPart.Method();
      case 3 -> new KeyPart.Route();
      case 4 -> new KeyPart.Header(any(HEADERS));
      default -> new KeyPart.Ip();
    };
  }

  private MatchConfig match(int depth) {
    if (ofHellos && (depth == 0 || random.nextBoolean())) {
      return toldByHello();
    }
    int fewest = ofHellos && random.nextInt(8) > 0 ? 13 : 0; // those made of others
    int kind = random.nextInt(fewest, depth == 0 ? 13 : 19);
    return switch (kind) {
      case 0, 1 ->
          random.nextInt(3) == 0
              ? new MatchConfig.Ip(List.of(), List.of("addresses"))
              : new MatchConfig.Ip(
                  some(3, () -> Cidr.parse(any(PREFIXES))),
                  random.nextInt(4) == 0 ? List.of("addresses") : List.of());
      case 2 -> new MatchConfig.Method(Set.copyOf(some(2, () -> any("GET", "POST", "PUT"))));
      case 3 -> new MatchConfig.Host(some(2, () -> hostPattern()));
      case 4, 5 -> new MatchConfig.Path(some(3, () -> pattern("/")));
      case 6 -> new MatchConfig.Query(any("a", "b", "x y"), some(2, () -> pattern("")));
      case 7 ->
          random.nextInt(3) == 0
              ? new MatchConfig.Listener(
                  Set.copyOf(some(2, () -> LISTENERS.get(random.nextInt(LISTENERS.size())))))
              : new MatchConfig.Header(any(HEADERS), some(2, () -> pattern("")));
      case 8 -> new MatchConfig.Cookie(any("a", "b", "\u00fc"), some(2, () -> pattern("")));
      case 9 -> new MatchConfig.RawPath(some(2, () -> pattern(any("/", ""))));
      case 10 -> tls();
      case 11 ->
          random.nextBoolean()
              ? new MatchConfig.Protocol(Set.copyOf(some(2, () -> any("http/1.0", "h2"))))
              : new MatchConfig.Route(Set.of(any("one", "two")));
      case 12 -> new MatchConfig.Time(times());
      case 13 -> new MatchConfig.Not(match(depth - 1));
      case 14 -> new MatchConfig.Any(some(3, () -> match(depth - 1)));
      case 15 -> random.nextInt(6) == 0 ? MatchConfig.ALWAYS : match(depth - 1);
      default -> new MatchConfig.All(some(3, () -> match(depth - 1)));
    };
  }

  private MatchConfig toldByHello() {
    return switch (random.nextInt(6)) {
      case 0, 1 -> new MatchConfig.Ip(some(3, () -> Cidr.parse(any(PREFIXES))), List.of());
      case 5 -> new MatchConfig.Time(times());
      case 2 -> new MatchConfig.Listener(Set.of(LISTENERS.get(random.nextInt(LISTENERS.size()))));
      case 3 -> new MatchConfig.ServerName(some(2, this::hostPattern));
      default -> new MatchConfig.Ja4(some(2, this::ja4Pattern));
    };
  }

  private MatchConfig tls() {
    return switch (random.nextInt(4)) {
      case 3 -> new MatchConfig.Ja4(some(2, this::ja4Pattern));
      case 0 -> new MatchConfig.TlsVersion(Set.of(any("1.2", "1.3")));
      case 1 -> new MatchConfig.ServerName(some(2, this::hostPattern));
      default -> new MatchConfig.ClientSubject(some(2, () -> pattern("")));
    };
  }

  private StringPattern ja4Pattern() {
    return switch (random.nextInt(6)) {
      case 0 -> StringPattern.ofText(any("t13d1516h2_*", "t13*", "t1*"));
      case 1 -> new StringPattern.Contains(any("_8daaf6152771_", "h2"));
      case 2 -> new StringPattern.Present(random.nextBoolean());
      case 3 -> new StringPattern.Regex(any("^t1[23]i", "_.*_e5"));
      default -> new StringPattern.Exact(any(JA4));
    };
  }

  private WeekTimes times() {
    List<DayOfWeek> days = some(5, () -> DayOfWeek.of(random.nextInt(1, 8)));
    return new WeekTimes(
        Set.copyOf(days),
        some(
            2,
            () ->
                WeekTimes.Hours.parse(
                    any("08:00-18:00", "22:00-06:00", "00:00-24:00", "2:30-3:30"))),
        ZoneId.of(any("UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata")));
  }

  private StringPattern hostPattern() {
    return switch (random.nextInt(4)) {
      case 0 -> StringPattern.ofHost(any("*.a.com", "A.com", "b.org", "*.org"));
      case 1 -> StringPattern.ofHost(any("www.*", "a*", "b.org"));
      default -> pattern("");
    };
  }

  private StringPattern pattern(String before) {
    String text = before + any(WORDS);
    return switch (random.nextInt(11)) {
      case 0, 1 -> new StringPattern.Exact(text);
      case 2 -> new StringPattern.Prefix(text);
      case 3 -> new StringPattern.Suffix(any(WORDS));
      case 4 -> new StringPattern.Contains(any(WORDS));
      case 5 -> new StringPattern.Regex(any(REGEXES));
      case 6 -> new StringPattern.InList(any("texts", "many"));
      case 7 -> new StringPattern.ContainsAny(any("texts", "many"));
      case 8 -> new StringPattern.Present(random.nextInt(3) > 0);
      default -> text.endsWith("/") ? new StringPattern.Below("") : new StringPattern.Below(text);
    };
  }

  TestRequest request() {
    while (true) {
      StringBuilder target = new StringBuilder();
      int parts = random.nextInt(1, 5);
      for (int i = 0; i < parts; i++) {
        target.append(any(TARGET_PARTS));
      }
      if (random.nextBoolean()) {
        target.append('?');
        some(
                3,
                () ->
                    any("a", "b", "x+y", "%61", "c")
                        + any("", "=" + any("a", "admin", "%C3%BC", "x+y")))
            .forEach(part -> target.append(part).append('&'));
      }
      if (RequestTarget.read("GET", target.toString(), mode) instanceof RequestTarget read) {
        List<String[]> headers = new ArrayList<>();
        int lines = random.nextInt(5);
        for (int i = 0; i < lines; i++) {
          String name = any(HEADERS);
          String value =
              any("a", "ab", "admin", "Admin", "xadminx", "", "a{2}b", "\u00c3\u00bc", "index.php");
          headers.add(new String[] {random.nextBoolean() ? name.toUpperCase() : name, value});
        }
        if (random.nextInt(3) == 0) {
          String line =
              String.join(
                  any(";", "; "),
                  some(
                      3,
                      () ->
                          any("a", "b", " a ", "c", "")
                              + any("=", "")
                              + any("admin", "\"a\"", " ab ", "x=y")));
          headers.add(new String[] {"Cookie", line});
        }
        return new TestRequest(
            ClientAddress.parse(any(CLIENTS)),
            random.nextInt(LISTENERS.size()),
            any("GET", "POST", "HEAD"),
            any(HOSTS),
            read,
            headers,
            any("one", "two"),
            random.nextBoolean()
                ? TestRequest.Tls.NONE
                : new TestRequest.Tls(
                    any("1.2", "1.3"),
                    random.nextInt(4) == 0 ? null : any("a.com", "www.a.com", "b.org"),
                    random.nextBoolean() ? null : any("CN=admin", "CN=a,O=b"),
                    random.nextInt(4) == 0 ? null : any(JA4)),
            any("http/1.0", "http/1.1", "h2"),
            0);
      }
    }
  }
}
