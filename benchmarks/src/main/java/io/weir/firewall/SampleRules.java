package io.weir.firewall;

import io.weir.firewall.address.Cidr;
import io.weir.firewall.address.ClientAddress;
import io.weir.firewall.config.ActionConfig;
import io.weir.firewall.config.DefaultAction;
import io.weir.firewall.config.FirewallConfig;
import io.weir.firewall.config.MatchConfig;
import io.weir.firewall.config.MatchConfig.All;
import io.weir.firewall.config.MatchConfig.Any;
import io.weir.firewall.config.MatchConfig.Header;
import io.weir.firewall.config.MatchConfig.Ip;
import io.weir.firewall.config.MatchConfig.Method;
import io.weir.firewall.config.MatchConfig.Not;
import io.weir.firewall.config.MatchConfig.Path;
import io.weir.firewall.config.RuleConfig;
import io.weir.firewall.config.RuleMode;
import io.weir.firewall.config.StringPattern;
import io.weir.firewall.config.StringPattern.Below;
import io.weir.firewall.config.StringPattern.Contains;
import io.weir.firewall.config.StringPattern.Exact;
import io.weir.firewall.config.StringPattern.Prefix;
import io.weir.firewall.path.PathMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/** Rules of all kinds, of which a known number matches every {@link SampleRequest}. */
public final class SampleRules {
  private SampleRules() {}

  /**
   * Rules that permit every sample request, after all of them were considered.
   *
   * @param matching how many match; in report mode, so that evaluation goes on, and spread evenly
   */
  public static FirewallConfig mixed(int count, int matching, RandomGenerator random) {
    List<RuleConfig> rules = new ArrayList<>(count);
    int matched = 0;
    for (int i = 0; i < count; i++) {
      if (matched < matching && i >= (long) matched * count / matching) {
        rules.add(rule(i, thatMatches(matched), RuleMode.REPORT));
        matched++;
      } else {
        rules.add(rule(i, thatDoesNot(i, random), RuleMode.ENFORCE));
      }
    }
    return new FirewallConfig(new DefaultAction.Allow(), PathMode.COMPATIBLE, rules, Map.of());
  }

  /** Compiles them for one listener, {@code web}. */
  static Firewall compiled(FirewallConfig config, long seed) {
    Compilation compilation =
        FirewallCompiler.compile(config, Set.of("web"), null, new SplittableRandom(seed));
    return switch (compilation) {
      case Compilation.Compiled compiled -> compiled.firewall();
      case Compilation.Rejected rejected ->
          throw new IllegalStateException(rejected.problems().toString());
    };
  }

  private static RuleConfig rule(int index, MatchConfig match, RuleMode mode) {
    return new RuleConfig("rule-" + index, match, new ActionConfig.Deny(403), mode);
  }

  private static MatchConfig thatDoesNot(int i, RandomGenerator random) {
    return switch (i % 6) {
      case 0 -> ip(new Cidr(ClientAddress.v4((20 << 24) | (random.nextInt(1 << 16) << 8)), 24));
      case 1 -> path(new Below("/team-" + i + "/private"));
      case 2 -> header("user-agent", "scanner-" + i);
      case 3 -> all(new Method(Set.of("GET", "POST")), path(new Prefix("/api-" + i + "/")));
      case 4 ->
          all(
              path(new Prefix("/internal-" + i)),
              new Not(ip(Cidr.parse("10." + i % 256 + ".0.0/16"))));
      default ->
          new Any(
              List.of(
                  path(new Exact("/old-" + i + ".php")), header("referer", "spam-" + i + ".biz")));
    };
  }

  private static MatchConfig thatMatches(int i) {
    return switch (i % 6) {
      case 0 -> ip(Cidr.parse("198.18.0.0/15"), Cidr.parse("2001:db8::/32"));
      case 1 -> path(new Below("/shop"));
      case 2 -> header("user-agent", "Mozilla");
      case 3 -> all(new Method(Set.of("GET", "POST")), path(new Prefix("/shop/item-")));
      case 4 -> all(path(new Prefix("/shop/")), new Not(ip(Cidr.parse("10.0.0.0/8"))));
      default -> new Any(List.of(path(new Exact("/none")), header("referer", "foobar.com")));
    };
  }

  private static MatchConfig ip(Cidr... prefixes) {
    return new Ip(List.of(prefixes), List.of());
  }

  private static MatchConfig path(StringPattern pattern) {
    return new Path(List.of(pattern));
  }

  private static MatchConfig header(String name, String part) {
    return new Header(name, List.of(new Contains(part)));
  }

  private static MatchConfig all(MatchConfig... matches) {
    return new All(List.of(matches));
  }
}
