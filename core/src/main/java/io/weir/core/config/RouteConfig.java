package io.weir.core.config;

import io.weir.firewall.config.ActionConfig;
import io.weir.firewall.config.MatchConfig;
import io.weir.firewall.config.MatchWords;
import io.weir.firewall.config.StringPattern;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which requests go where; the first route that matches wins.
 *
 * @param name the metric label; null means the match in words
 * @param keepsEncodedSlash whether it takes targets with {@code %2F} where paths are strict
 */
public record RouteConfig(
    @Nullable String name,
    Match match,
    Action action,
    EditsConfig edits,
    Timeouts timeouts,
    boolean keepsEncodedSlash) {

  public RouteConfig {
    Check.that(
        name == null || (!name.isBlank() && name.chars().noneMatch(Character::isISOControl)),
        "name: \"" + name + "\" (expected: a text without control characters)");
  }

  /** A route that takes what all do. */
  public RouteConfig(
      @Nullable String name, Match match, Action action, EditsConfig edits, Timeouts timeouts) {
    this(name, match, action, edits, timeouts, false);
  }

  /** A route that changes nothing. */
  public RouteConfig(@Nullable String name, Match match, Action action) {
    this(name, match, action, EditsConfig.NONE, Timeouts.USUAL);
  }

  /** The same, which takes targets with {@code %2F} also where paths are strict. */
  public RouteConfig keepingEncodedSlash() {
    return new RouteConfig(name, match, action, edits, timeouts, true);
  }

  /** The name, or the match in words where the operator gave none. */
  public String label() {
    return name != null ? name : match.inWords();
  }

  /**
   * What a route asks of a request; an empty part asks nothing.
   *
   * @param listeners names of listeners
   * @param hosts lower case; exact, or {@code *.} and a suffix for any name below it
   * @param paths exact or prefix patterns over the canonical path
   * @param conditions what else must hold, all of it
   */
  public record Match(
      Set<String> listeners,
      List<String> hosts,
      List<StringPattern> paths,
      List<MatchConfig> conditions) {
    public static final Match EVERYTHING = new Match(Set.of(), List.of(), List.of());

    /** Without more conditions. */
    public Match(Set<String> listeners, List<String> hosts, List<StringPattern> paths) {
      this(listeners, hosts, paths, List.of());
    }

    public Match {
      listeners = Set.copyOf(listeners);
      hosts = List.copyOf(hosts);
      paths = List.copyOf(paths);
      conditions = List.copyOf(conditions);
      hosts.forEach(Match::host);
      paths.forEach(Match::checkPath);
    }

    /**
     * Reads a host: lower case, exact or with {@code *.} before it for any name below.
     *
     * @throws IllegalArgumentException naming the text and the expected form
     */
    public static String host(String text) {
      return HostPattern.parse("host", text);
    }

    /**
     * Reads a path: exact, {@code /below/*} or {@code /prefix*}.
     *
     * @throws IllegalArgumentException naming the text and the expected form
     */
    public static StringPattern path(String text) {
      Check.that(
          text.startsWith("/")
              && text.indexOf('*') == (text.endsWith("*") ? text.length() - 1 : -1),
          "path: \"" + text + "\" (expected: /exact, /below/* or /prefix*)");
      return StringPattern.ofPath(text);
    }

    private static void checkPath(StringPattern pattern) {
      boolean routable =
          pattern instanceof StringPattern.Exact
              || pattern instanceof StringPattern.Below
              || pattern instanceof StringPattern.Prefix;
      Check.that(routable, "path: " + pattern + " (expected: an exact path or a prefix)");
    }

    public boolean isEverything() {
      return listeners.isEmpty() && hosts.isEmpty() && paths.isEmpty() && conditions.isEmpty();
    }

    private String inWords() {
      if (isEverything()) {
        return "default";
      }
      StringBuilder words = new StringBuilder();
      listeners.stream().sorted().forEach(name -> words.append(name).append(' '));
      words.append(String.join(",", hosts));
      for (int i = 0; i < paths.size(); i++) {
        words.append(i == 0 ? "" : ",").append(inWords(paths.get(i)));
      }
      conditions.forEach(condition -> words.append(' ').append(MatchWords.of(condition)));
      return words.toString().strip();
    }

    private static String inWords(StringPattern path) {
      return switch (path) {
        case StringPattern.Below below -> below.path() + "/*";
        case StringPattern.Prefix prefix -> prefix.text() + "*";
        case StringPattern.Exact exact -> exact.text();
        default -> path.toString();
      };
    }
  }

  /**
   * What of the timeouts differs for a route.
   *
   * @param response how long a backend may be silent; null means as long as everywhere
   */
  public record Timeouts(@Nullable Duration response) {
    public static final Timeouts USUAL = new Timeouts(null);

    public Timeouts {
      if (response != null) {
        Check.positive("response", response);
      }
    }
  }

  /** What happens to a request that the route matches and the rules permit. */
  public sealed interface Action {}

  /** It is forwarded to a pool. */
  public record Forward(String pool) implements Action {}

  /**
   * It is answered with a redirect.
   *
   * @param to the Location; placeholders in it are filled in
   * @param status 301, 302, 303, 307 or 308
   */
  public record Redirect(String to, int status) implements Action {
    private static final Set<Integer> STATUSES = Set.of(301, 302, 303, 307, 308);

    public Redirect {
      Check.that(
          !to.isEmpty() && to.chars().allMatch(c -> c > ' ' && c < 127),
          "to: \"" + to + "\" (expected: a URL or a path in printable ASCII)");
      Check.that(
          ActionConfig.Redirect.isTarget(to),
          "to: \"" + to + "\" (expected: " + ActionConfig.Redirect.TARGET + ")");
      Check.that(
          STATUSES.contains(status),
          "status: " + status + " (expected: 301, 302, 303, 307 or 308)");
    }
  }

  /**
   * It is answered from memory.
   *
   * @param status 200 to 599
   * @param contentType the Content-Type, null for none
   * @param headers more fields, by name; placeholders in them are filled in
   */
  public record Respond(
      int status, String body, @Nullable String contentType, Map<String, String> headers)
      implements Action {
    /** Without more fields. */
    public Respond(int status, String body, @Nullable String contentType) {
      this(status, body, contentType, Map.of());
    }

    public Respond {
      headers = Collections.unmodifiableMap(new LinkedHashMap<>(headers));
      Check.that(
          contentType == null || contentType.chars().allMatch(c -> c >= ' ' && c < 127),
          "content_type: \"" + contentType + "\" (expected: printable ASCII)");
      Check.range("status", status, 200, 599);
      Check.that(
          body.isEmpty() || (status != 204 && status != 205 && status != 304),
          "body: not empty (expected: none with status " + status + ")");
    }
  }
}
