package io.weir.daemon.replay;

import io.weir.daemon.log.LineFormat;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The fields of a logged request that were too long for the log, or that it had and that were not
 * found out for the log, in the words of rules.
 */
final class CutFields {
  /** Any parameter: which ones are missing is not known. */
  private static final String QUERY = "query";

  /** The path, also as it came. */
  private static final String PATH = "path";

  private Set<String> fields = Set.of();

  /** Takes a look at a field; null if the request has none. */
  CutFields look(String name, @Nullable String text) {
    return lacks(name, text != null && LineFormat.isCut(text));
  }

  /** Takes a field of which it is known whether all of it, or any, is missing. */
  CutFields lacks(String name, boolean isMissing) {
    if (isMissing) {
      fields = new HashSet<>(fields);
      fields.add(name);
    }
    return this;
  }

  CutFields path(@Nullable String text) {
    return look(PATH, text);
  }

  CutFields query(@Nullable String text) {
    return look(QUERY, text);
  }

  Set<String> fields() {
    return fields;
  }

  /** What is cut where a rule asks for a field. */
  static String of(String field) {
    return field.equals("raw_path") ? PATH : field.startsWith("query.") ? QUERY : field;
  }
}
