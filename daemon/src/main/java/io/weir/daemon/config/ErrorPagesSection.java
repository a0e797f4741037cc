package io.weir.daemon.config;

import io.weir.core.config.ErrorPagesConfig;
import io.weir.core.config.ErrorPagesConfig.Page;
import io.weir.daemon.yaml.FileText;
import io.weir.daemon.yaml.Keys;
import io.weir.daemon.yaml.Node;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads {@code errors:}, the operator's own pages by status. */
final class ErrorPagesSection {
  private static final Keys KEYS = Keys.of("file");
  private static final int MAX_PAGE = 1 << 20; // kept in memory

  private ErrorPagesSection() {}

  static ErrorPagesConfig read(@Nullable Node node) {
    if (node == null) {
      return ErrorPagesConfig.NONE;
    }
    Map<Integer, List<Page>> pages = new LinkedHashMap<>();
    node.named()
        .forEach((status, files) -> {
          if (!status.matches("[45][0-9]{2}")) {
            files.error("errors: \"" + status + "\" (expected: a status from 400 to 599)", null);
            return;
          }
          pages.put(Integer.valueOf(status), pages(files));
        });
    return new ErrorPagesConfig(pages);
  }

  private static List<Page> pages(Node files) {
    List<Page> pages = new ArrayList<>();
    Set<ErrorPagesConfig.Type> types = EnumSet.noneOf(ErrorPagesConfig.Type.class);
    for (Node item : files.list()) {
      Node file = item.fields(KEYS).require("file", "a file, like errors/503.html");
      ErrorPagesConfig.Type type =
          file == null ? null : file.parsed(ErrorPagesSection::type, "a file");
      if (file == null || type == null) {
        continue;
      }
      if (types.add(type)) {
        pages.add(new Page(type, FileText.text(file, MAX_PAGE)));
      } else {
        file.error(
            "file: a second " + type.name().toLowerCase(Locale.ROOT) + " page (expected: one)",
            null);
      }
    }
    return pages;
  }

  private static ErrorPagesConfig.Type type(String file) {
    ErrorPagesConfig.Type type = byName(file);
    if (type == null) {
      throw new IllegalArgumentException(
          "\"" + file + "\" (expected: a name that ends with .html, .json or .txt)");
    }
    return type;
  }

  /** What the end of a file's name says that it holds. */
  static ErrorPagesConfig.@Nullable Type byName(String file) {
    String name = file.toLowerCase(Locale.ROOT);
    if (name.endsWith(".html") || name.endsWith(".htm")) {
      return ErrorPagesConfig.Type.HTML;
    }
    if (name.endsWith(".json")) {
      return ErrorPagesConfig.Type.JSON;
    }
    return name.endsWith(".txt") ? ErrorPagesConfig.Type.TEXT : null;
  }
}
