package io.weir.daemon.config;

import io.weir.firewall.ListConfig;
import io.weir.firewall.ListSource;
import io.weir.firewall.ListType;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads {@code lists:} and the files that it names. */
final class ListsSection {
  private static final Keys KEYS = Keys.of("file", "entries", "type");
  private static final int MAX_FILE = 64 << 20; // three million IPv4 prefixes

  private ListsSection() {}

  static Map<String, ListConfig> read(@Nullable Node node) {
    Map<String, ListConfig> lists = new LinkedHashMap<>();
    if (node != null) {
      node.named().forEach((name, list) -> lists.put(name, list(list)));
    }
    return lists;
  }

  private static ListConfig list(Node node) {
    if (!node.isMap()) {
      return new ListConfig(ListType.ADDRESSES, inline(node));
    }
    Fields list = node.fields(KEYS);
    Node file = list.get("file");
    Node entries = list.get("entries");
    if (file != null && entries != null) {
      entries.error("entries: beside file: (expected: one of them)", null);
    }
    ListType type = list.word("type", ListType.class, ListType.ADDRESSES);
    if (entries != null) {
      return new ListConfig(type, inline(entries));
    }
    if (file == null) {
      list.missing("file", "file: NAME, or entries: [ ... ]");
      return new ListConfig(type, new ListSource.Inline(List.of()));
    }
    byte[] content = FileText.bytes(file, MAX_FILE);
    return new ListConfig(
        type,
        content == null
            ? new ListSource.Inline(List.of())
            : new ListSource.Lines(String.valueOf(file.file()), content));
  }

  private static ListSource inline(Node node) {
    return new ListSource.Inline(node.list().stream().map(entry -> entry.text("")).toList());
  }
}
