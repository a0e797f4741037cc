package io.weir.firewall;

import io.weir.firewall.address.ClientAddress;
import io.weir.firewall.config.ActionConfig;
import io.weir.firewall.config.MatchConfig;
import io.weir.firewall.config.RuleConfig;
import io.weir.firewall.path.PathMode;
import io.weir.firewall.path.RequestTarget;
import io.weir.firewall.problem.Problems;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Finds rules that redirect to a path that they redirect again. */
final class RedirectLoops {
  /*
   * Who follows a redirect comes back with another target, and with GET unless the status keeps the
   * method; all else is as before and nothing is known of it here. So a rule that the new target
   * alone does not keep from matching goes on for ever for somebody, unless an earlier rule decides
   * for all who ask for that target and for whom the rule would match again.
   */
  private static final Set<String> KNOWN = Set.of("path", "raw_path");
  private static final String QUERY = "query."; // and a name
  private static final String METHOD = "method";
  private static final String ROUTE = "route";

  private final List<RuleConfig> configs;
  private final List<CompiledRule> rules;
  private final PathMode pathMode;
  private final Evaluation evaluation;

  RedirectLoops(
      List<RuleConfig> configs,
      List<CompiledRule> rules,
      Conditions conditions,
      PathMode pathMode) {
    this.configs = configs;
    this.rules = rules;
    this.pathMode = pathMode;
    evaluation = new Evaluation(conditions, rules.size());
  }

  void find(Problems warnings) {
    for (CompiledRule rule : rules) {
      if (rule.enforces()
          && rule.action() instanceof ActionConfig.Redirect(String to, int status)
          && matchesAgain(rule, to, status)) {
        warnings.add(
            "firewall.rules[" + rule.index() + "].action",
            "rule \"%s\" redirects to %s, which it redirects again: clients go round for ever"
                .formatted(rule.info().name(), to),
            "except it: match: { not: { path: %s } }, or allow it before"
                .formatted(to.replaceFirst("[?#].*", "")));
      }
    }
  }

  private boolean matchesAgain(CompiledRule rule, String to, int status) {
    RequestTarget target = localTarget(to);
    if (target == null || reads(rule, ROUTE)) {
      return false; // which route the target takes is not known to the rules
    }
    evaluation.begin(new FollowedRedirect(target));
    Doubt doubt = new Doubt(evaluation, unknown(rule, status));
    boolean again = doubt.of(rule.matcher()) != Doubt.Truth.NO && !isDecidedBefore(rule, status);
    evaluation.end();
    return again;
  }

  private boolean isDecidedBefore(CompiledRule rule, int status) {
    for (CompiledRule before : rules.subList(0, rule.index())) {
      if (before.enforces()
          && before.verdict() != null
          && !before.counts()
          && holdsAgain(
              before.matcher(),
              match(before),
              match(rule),
              new Doubt(evaluation, unknown(before, status)))) {
        return true;
      }
    }
    return false;
  }

  /**
   * Whether a match holds for all for whom another one holds when they have followed the redirect.
   *
   * @param says the match as it was written; its parts are those of the matcher
   */
  private static boolean holdsAgain(
      Matcher matcher, MatchConfig says, MatchConfig other, Doubt doubt) {
    Doubt.Truth truth = doubt.of(matcher);
    if (truth != Doubt.Truth.UNKNOWN) {
      return truth == Doubt.Truth.YES;
    }
    if (MatchCover.covers(says, other)) {
      return true;
    }
    if (!(says instanceof MatchConfig.All(var parts))) {
      return false;
    }
    if (!(matcher instanceof Matcher.AllOf(var matchers)) || parts.size() == 1) {
      return holdsAgain(matcher, parts.getFirst(), other, doubt);
    }
    for (int i = 0; i < parts.size(); i++) {
      if (!holdsAgain(matchers.get(i), parts.get(i), other, doubt)) {
        return false;
      }
    }
    return true;
  }

  private MatchConfig match(CompiledRule rule) {
    return configs.get(rule.index()).match();
  }

  private @Nullable RequestTarget localTarget(String to) {
    int fragment = to.indexOf('#');
    String path = fragment < 0 ? to : to.substring(0, fragment);
    boolean isLocal = path.startsWith("/") && !path.startsWith("//");
    return isLocal
            && RequestTarget.read("GET", path, pathMode) instanceof RequestTarget target
            && !(pathMode == PathMode.STRICT && target.hasEncodedSlash()) // 400 on most routes
        ? target
        : null;
  }

  private static boolean reads(CompiledRule rule, String field) {
    return Matchers.anyCondition(rule.matcher(), condition -> condition.field.equals(field));
  }

  /** The fields of which a redirect with that status does not tell what they will be. */
  private static Set<String> unknown(CompiledRule rule, int status) {
    boolean keepsMethod = status == 307 || status == 308;
    Set<String> unknown = new HashSet<>();
    Matchers.eachCondition(
        rule.matcher(),
        condition -> {
          String field = condition.field;
          boolean known =
              KNOWN.contains(field)
                  || field.startsWith(QUERY)
                  || (field.equals(METHOD) && !keepsMethod);
          if (!known) {
            unknown.add(field);
          }
        });
    return unknown;
  }

  /** What is known of the request of a client that follows a redirect; the rest is not asked. */
  private record FollowedRedirect(RequestTarget target) implements RequestView {
    private static final ClientAddress NOBODY = ClientAddress.v4(0);

    @Override
    public ClientAddress client() {
      return NOBODY;
    }

    @Override
    public int listener() {
      return -1;
    }

    @Override
    public String method() {
      return "GET";
    }

    @Override
    public String host() {
      return "";
    }

    @Override
    public @Nullable CharSequence header(String lowerName) {
      return null;
    }

    @Override
    public boolean anyHeader(String lowerName, HeaderPredicate test) {
      return false;
    }

    @Override
    public void eachHeader(HeaderVisitor visitor) {}

    @Override
    public String route() {
      return "";
    }

    @Override
    public String protocol() {
      return "";
    }

    @Override
    public @Nullable String tlsVersion() {
      return null;
    }

    @Override
    public @Nullable String serverName() {
      return null;
    }

    @Override
    public @Nullable String clientSubject() {
      return null;
    }

    @Override
    public @Nullable String ja4() {
      return null;
    }

    @Override
    public long epochMillis() {
      return 0;
    }
  }
}
