package io.weir.core.config;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a route changes in what passes through it; what is wrong with it shows when it is compiled.
 *
 * @param stripPrefix taken away from the beginning of paths; empty for nothing
 * @param rewrite what then becomes of the path; null for nothing
 */
public record EditsConfig(
    String stripPrefix, @Nullable Rewrite rewrite, Headers request, Headers response) {
  public static final EditsConfig NONE = new EditsConfig("", null, Headers.NONE, Headers.NONE);

  /** What becomes of a path. */
  public sealed interface Rewrite {}

  /** A path is put before it. */
  public record Prefix(String prefix) implements Rewrite {}

  /**
   * What an expression finds is replaced.
   *
   * @param expression RE2 syntax
   * @param to with {@code $1} for what a group found
   */
  public record Regex(String expression, String to) implements Rewrite {}

  /**
   * Changes of fields, made in this order: taken out, put in place of others, added.
   *
   * @param remove names, or beginnings of names with a {@code *}
   */
  public record Headers(
      List<String> remove, Map<String, String> set, Map<String, List<String>> add) {
    public static final Headers NONE = new Headers(List.of(), Map.of(), Map.of());

    public Headers {
      remove = List.copyOf(remove);
      set = Collections.unmodifiableMap(new LinkedHashMap<>(set));
      add = Collections.unmodifiableMap(new LinkedHashMap<>(add));
    }
  }
}
