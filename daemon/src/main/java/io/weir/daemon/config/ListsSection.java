package io.weir.daemon.config;

import io.weir.daemon.config.FetchedList.Checksum;
import io.weir.daemon.problem.Reason;
import io.weir.daemon.state.ListCopy;
import io.weir.daemon.yaml.Fields;
import io.weir.daemon.yaml.FileText;
import io.weir.daemon.yaml.Keys;
import io.weir.daemon.yaml.Node;
import io.weir.firewall.list.ListConfig;
import io.weir.firewall.list.ListSource;
import io.weir.firewall.list.ListType;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads {@code lists:} and the files that it names. */
final class ListsSection {
  private static final Keys KEYS =
      Keys.of("file", "entries", "type", "url", "every", "sha256", "sha256_url", "ca_file");
  private static final List<String> OF_URLS = List.of("every", "sha256", "sha256_url", "ca_file");
  private static final Duration EVERY = Duration.ofHours(1);
  private static final int MAX_FILE = 64 << 20; // three million IPv4 prefixes

  private final @Nullable Path state;
  private final List<FetchedList> fetched = new ArrayList<>();

  private ListsSection(@Nullable Path state) {
    this.state = state;
  }

  /** All lists, and what is to be known of those that are fetched. */
  record Lists(Map<String, ListConfig> all, List<FetchedList> fetched) {}

  /**
   * Reads them.
   *
   * @param state the folder with copies of what was fetched; null if there is none
   */
  static Lists read(@Nullable Node node, @Nullable Path state) {
    ListsSection section = new ListsSection(state);
    Map<String, ListConfig> lists = new LinkedHashMap<>();
    if (node != null) {
      node.named().forEach((name, list) -> lists.put(name, section.list(name, list)));
    }
    return new Lists(lists, section.fetched);
  }

  private ListConfig list(String name, Node node) {
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
    Node url = list.get("url");
    if (url != null) {
      list.refuse("entries", "beside url: (expected: one of them)", null);
      FetchedList source = fetched(name, type, url, list);
      ListSource copy = source == null ? null : copy(source, node);
      if (copy != null) {
        return new ListConfig(type, copy);
      }
      if (source != null && file == null) {
        return new ListConfig(type, new ListSource.Awaited(source.place()));
      }
    } else {
      OF_URLS.forEach(key -> list.refuse(key, "without url:", null));
    }
    if (entries != null) {
      return new ListConfig(type, inline(entries));
    }
    if (file == null) {
      if (url == null) {
        list.missing("file", "file: NAME, url: URL, or entries: [ ... ]");
      }
      return new ListConfig(type, new ListSource.Inline(List.of()));
    }
    byte[] content = FileText.bytes(file, MAX_FILE);
    return new ListConfig(
        type,
        content == null
            ? new ListSource.Inline(List.of())
            : new ListSource.Lines(String.valueOf(file.file()), content));
  }

  private @Nullable FetchedList fetched(String name, ListType type, Node node, Fields list) {
    URI url = node.parsed(FetchedList::url, "a URL");
    Checksum checksum = checksum(list);
    Node authority = list.get("ca_file");
    String authorities =
        authority == null ? null : FileText.text(authority, CertificatesSection.MAX_PEM);
    if (url == null || checksum == null) {
      return null;
    }
    FetchedList source =
        list.<@Nullable FetchedList>build(
            () ->
                new FetchedList(
                    name,
                    type,
                    url,
                    checksum,
                    list.duration("every", EVERY),
                    authorities,
                    ListCopy.file(state, name)),
            null);
    if (source != null) {
      fetched.add(source);
    }
    return source;
  }

  private static @Nullable Checksum checksum(Fields list) {
    Node fixed = list.get("sha256");
    Node url = list.get("sha256_url");
    if (fixed != null) {
      list.refuse("sha256_url", "beside sha256: (expected: one of them)", null);
      return fixed.parsed(Checksum.Fixed::new, "64 digits of base 16");
    }
    if (url == null) {
      return new Checksum.None();
    }
    return url.parsed(text -> new Checksum.At(FetchedList.url(text)), "a URL");
  }

  /**
   * The last good version; null if there is none, or if it is not what the list holds by now, so
   * that what the file says holds until then.
   */
  private static @Nullable ListSource copy(FetchedList source, Node node) {
    Path file = source.copy();
    if (file == null) {
      return null;
    }
    node.problems().files().names(node.path(), file);
    try {
      ListCopy copy = ListCopy.read(file, source.url(), source.checksum().fixed());
      String problem = copy == null ? null : source.problem(copy.content());
      if (problem != null) {
        node.warning("url: the last good copy is of no use any more: " + problem, null);
      }
      return copy == null || problem != null
          ? null
          : new ListSource.Lines(source.place(), copy.content());
    } catch (IOException unreadable) {
      node.warning(
          "url: the last good copy cannot be read: " + file + ": " + Reason.of(unreadable), null);
      return null;
    }
  }

  private static ListSource inline(Node node) {
    return new ListSource.Inline(node.list().stream().map(entry -> entry.text("")).toList());
  }
}
