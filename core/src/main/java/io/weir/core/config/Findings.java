package io.weir.core.config;

import java.util.ArrayList;
import java.util.List;

/**
 * What a check has to say about a configuration.
 *
 * @param errors it cannot be used
 * @param warnings it can be used, and does less than it seems to
 */
public record Findings(List<ConfigError> errors, List<ConfigError> warnings) {
  public static final Findings NONE = new Findings(List.of(), List.of());

  public Findings {
    errors = List.copyOf(errors);
    warnings = List.copyOf(warnings);
  }

  public Findings and(Findings more) {
    return new Findings(joined(errors, more.errors), joined(warnings, more.warnings));
  }

  private static List<ConfigError> joined(List<ConfigError> first, List<ConfigError> second) {
    List<ConfigError> all = new ArrayList<>(first);
    all.addAll(second);
    return all;
  }
}
