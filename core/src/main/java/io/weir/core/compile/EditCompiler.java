package io.weir.core.compile;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import io.weir.core.config.ConfigError;
import io.weir.core.config.EditsConfig;
import io.weir.core.config.Findings;
import io.weir.core.config.HstsConfig;
import io.weir.core.config.ProxyConfig;
import io.weir.core.config.RouteConfig;
import io.weir.core.edit.FieldRules;
import io.weir.core.edit.HeaderEdits;
import io.weir.core.edit.Placeholder;
import io.weir.core.edit.RouteEdits;
import io.weir.core.edit.TargetEdit;
import io.weir.core.edit.Template;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Compiles what routes change, and says what is wrong with it. */
final class EditCompiler {
  private static final String HSTS = "strict-transport-security";

  private final List<ConfigError> errors;

  EditCompiler(List<ConfigError> errors) {
    this.errors = errors;
  }

  /** Everything that is wrong with the edits of a configuration. */
  static Findings check(ProxyConfig config) {
    EditCompiler compiler = new EditCompiler(new ArrayList<>());
    for (int i = 0; i < config.routes().size(); i++) {
      RouteConfig route = config.routes().get(i);
      var _ = compiler.own(route.action(), "routes[" + i + "]");
      var _ = compiler.compile(route, "routes[" + i + "]", null);
    }
    return new Findings(compiler.errors, List.of());
  }

  /**
   * The edits of one route.
   *
   * @param path the route's place in the configuration
   * @param hsts that of the listener
   */
  RouteEdits compile(RouteConfig route, String path, @Nullable HstsConfig hsts) {
    EditsConfig config = route.edits();
    TargetEdit target = target(config, path);
    HeaderEdits.Builder request = HeaderEdits.Builder.ofRequests();
    add(config.request(), path + ".request_headers", true, request);
    HeaderEdits.Builder response = HeaderEdits.Builder.ofResponses();
    hsts(hsts, response);
    add(config.response(), path + ".response_headers", false, response);
    HeaderEdits requests = request.build();
    HeaderEdits responses = response.build();
    return target == null && requests.isEmpty() && responses.isEmpty()
        ? RouteEdits.NONE
        : new RouteEdits(target, requests, responses);
  }

  /** The fields that only the answer has which a route gives by itself. */
  HeaderEdits own(RouteConfig.Action action, String path) {
    HeaderEdits.Builder own = HeaderEdits.Builder.ofResponses();
    switch (action) {
      case RouteConfig.Redirect redirect -> {
        Template to = template(redirect.to(), path + ".redirect.to", "to", true);
        if (to != null) {
          own.set("location", to);
        }
      }
      case RouteConfig.Respond respond ->
          set(respond.headers(), path + ".respond.headers", false, own);
      case RouteConfig.Forward forward -> {}
    }
    return own.build();
  }

  /** The edits of what belongs to no route. */
  static RouteEdits ofListener(@Nullable HstsConfig hsts) {
    if (hsts == null) {
      return RouteEdits.NONE;
    }
    HeaderEdits.Builder response = HeaderEdits.Builder.ofResponses();
    hsts(hsts, response);
    return new RouteEdits(null, HeaderEdits.NONE, response.build());
  }

  private static void hsts(@Nullable HstsConfig hsts, HeaderEdits.Builder response) {
    if (hsts != null) {
      response.set(HSTS, Template.of(hsts.value()));
    }
  }

  // Paths.

  private @Nullable TargetEdit target(EditsConfig config, String path) {
    EditsConfig.Rewrite rewrite = config.rewrite();
    if (config.stripPrefix().isEmpty() && rewrite == null) {
      return null;
    }
    String stripped = prefix(config.stripPrefix(), path + ".strip_prefix", "strip_prefix");
    return switch (rewrite) {
      case null -> new TargetEdit(stripped, "", null, "");
      case EditsConfig.Prefix(String prefix) ->
          new TargetEdit(stripped, prefix(prefix, path + ".rewrite.prefix", "prefix"), null, "");
      case EditsConfig.Regex regex -> regex(stripped, regex, path + ".rewrite");
    };
  }

  private String prefix(String text, String path, String key) {
    if (text.isEmpty()) {
      return "";
    }
    try {
      return TargetEdit.prefix(text);
    } catch (IllegalArgumentException refusal) {
      error(path, key + ": " + refusal.getMessage());
      return "";
    }
  }

  private @Nullable TargetEdit regex(String stripped, EditsConfig.Regex regex, String path) {
    Pattern pattern = pattern(regex.expression(), path + ".regex");
    if (pattern == null) {
      return null;
    }
    String to = regex.to();
    if (!to.chars().allMatch(c -> c > ' ' && c < 127 && c != '?' && c != '#' && c != '\\')) {
      error(
          path + ".to",
          "to: \"" + to + "\" (expected: a path in printable ASCII; the query stays as it came)");
      return null;
    }
    if (!groupsExist(to, pattern.groupCount())) {
      error(
          path + ".to",
          "to: \"%s\" (expected: $1 to $%d, as there are groups, and $$ for a dollar sign)"
              .formatted(to, pattern.groupCount()));
      return null;
    }
    return new TargetEdit(stripped, "", pattern, to.replace("$$", "\\$"));
  }

  private static boolean groupsExist(String replacement, int groups) {
    for (int at = replacement.indexOf('$'); at >= 0; at = replacement.indexOf('$', at + 2)) {
      char next = at + 1 < replacement.length() ? replacement.charAt(at + 1) : ' ';
      if (next != '$' && (next < '0' || next > '0' + groups)) {
        return false;
      }
    }
    return true;
  }

  private @Nullable Pattern pattern(String expression, String path) {
    try {
      return Pattern.compile(expression);
    } catch (PatternSyntaxException e) {
      error(path, "regex: \"" + expression + "\": " + e.getDescription());
      return null;
    }
  }

  // Fields.

  private void add(
      EditsConfig.Headers headers, String path, boolean inRequests, HeaderEdits.Builder edits) {
    for (int i = 0; i < headers.remove().size(); i++) {
      remove(headers.remove().get(i), path + ".remove[" + i + "]", inRequests, edits);
    }
    set(headers.set(), path + ".set", inRequests, edits);
    headers
        .add()
        .forEach((name, values) -> {
          String field = path + ".add." + name;
          String lower = name(name, field, inRequests);
          for (int i = 0; i < values.size(); i++) {
            Template value =
                template(
                    values.get(i),
                    values.size() == 1 ? field : field + "[" + i + "]",
                    name,
                    inRequests);
            if (lower != null && value != null) {
              edits.add(lower, value);
            }
          }
        });
  }

  private void remove(String text, String path, boolean inRequests, HeaderEdits.Builder edits) {
    boolean like = text.endsWith("*") && text.length() > 1;
    String name = name(like ? text.substring(0, text.length() - 1) : text, path, inRequests);
    if (name == null) {
      return;
    }
    if (like) {
      edits.removeLike(name);
    } else {
      edits.remove(name);
    }
  }

  private void set(
      Map<String, String> fields, String path, boolean inRequests, HeaderEdits.Builder edits) {
    fields.forEach((name, text) -> {
      String field = path + "." + name;
      String lower = name(name, field, inRequests);
      Template value = template(text, field, name, inRequests);
      if (lower != null && value != null) {
        edits.set(lower, value);
      }
    });
  }

  private @Nullable String name(String name, String path, boolean inRequests) {
    try {
      return FieldRules.editable(name, inRequests);
    } catch (IllegalArgumentException refusal) {
      error(path, String.valueOf(refusal.getMessage()));
      return null;
    }
  }

  private @Nullable Template template(String text, String path, String name, boolean noBackend) {
    try {
      Template template = Template.of(text);
      for (Placeholder placeholder : template.placeholders()) {
        if (noBackend && placeholder.isOfResponses()) {
          throw new IllegalArgumentException(
              "{" + placeholder.word() + "} (expected: only in the responses of backends)");
        }
      }
      return template;
    } catch (IllegalArgumentException refusal) {
      error(path, name + ": " + refusal.getMessage());
      return null;
    }
  }

  private void error(String path, String message) {
    errors.add(new ConfigError(path, message, null));
  }
}
