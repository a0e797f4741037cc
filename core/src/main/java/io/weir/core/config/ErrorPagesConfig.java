package io.weir.core.config;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Pages of the operator's for errors that Weir answers by itself, by status. */
public record ErrorPagesConfig(Map<Integer, List<Page>> pages) {
  public static final ErrorPagesConfig NONE = new ErrorPagesConfig(Map.of());

  public ErrorPagesConfig {
    pages = Map.copyOf(pages);
    pages.forEach((status, ofStatus) -> {
      Check.range("errors", status, 400, 599);
      Set<Type> types = new HashSet<>();
      for (Page page : ofStatus) {
        Check.that(
            types.add(page.type()),
            "file: a second page of type "
                + page.type()
                + " for "
                + status
                + " (expected: one each of text, html and json)");
      }
    });
  }

  /** What clients must accept to get a page. */
  public enum Type {
    TEXT,
    HTML,
    JSON
  }

  /**
   * One page.
   *
   * @param text in it {@code {status}}, {@code {reason}}, {@code {cause}} and {@code {request_id}}
   *     are replaced
   */
  public record Page(Type type, String text) {}
}
