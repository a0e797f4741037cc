package io.weir.daemon.yaml;

import io.weir.daemon.problem.Position;
import io.weir.daemon.problem.Problems;
import io.weir.daemon.yaml.Yaml.Entry;
import io.weir.firewall.problem.NearestName;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.SequencedMap;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The values of a map whose keys are fixed. An absent key gives what the getter was told to. */
public final class Fields {
  private final Node map;
  private final SequencedMap<String, Entry> entries;
  private final Set<String> refused = new HashSet<>();

  Fields(Node map, SequencedMap<String, Entry> entries, Keys keys) {
    this.map = map;
    this.entries = entries;
    entries.forEach((key, entry) -> {
      if (!keys.known().contains(key)) {
        refuseKey(key, entry.keyAt(), keys);
      }
    });
  }

  public Node map() {
    return map;
  }

  public boolean has(String key) {
    return entries.containsKey(key);
  }

  /** How many keys there are, known or not. */
  public int size() {
    return entries.size();
  }

  public boolean isEmpty() {
    return entries.isEmpty();
  }

  public @Nullable Node get(String key) {
    Entry entry = entries.get(key);
    return entry == null || refused.contains(key) ? null : map.child(key, entry);
  }

  /** From now on as if the keys were not there: they have been read. */
  public void hide(List<String> keys) {
    refused.addAll(keys);
  }

  /** The value, or null after reporting that it is missing. */
  public @Nullable Node require(String key, String expected) {
    if (!has(key)) {
      missing(key, expected);
    }
    return get(key);
  }

  /** The items of a list, none if the key is absent. */
  public List<Node> list(String key) {
    Node value = get(key);
    return value == null ? List.of() : value.list();
  }

  public void missing(String key, String expected) {
    Problems problems = map.problems();
    if (problems.says(map.path()) || (!map.isMap() && problems.any(map.at()))) {
      return; // it is no map, or not a whole one
    }
    String path = Yaml.child(map.path(), key);
    problems.error(map.at(), path, key + ": missing" + Node.EXPECTED + expected + ")", null);
  }

  /** Reports a key that has no meaning beside the others, if it is there. */
  public void refuse(String key, String why, @Nullable String hint) {
    Node value = get(key);
    if (value != null) {
      value.error(key + ": " + why, hint);
    }
  }

  public int number(String key, int otherwise) {
    Node value = get(key);
    return value == null ? otherwise : value.number(otherwise);
  }

  public boolean bool(String key, boolean otherwise) {
    Node value = get(key);
    return value == null ? otherwise : value.bool(otherwise);
  }

  public Duration duration(String key, Duration otherwise) {
    Node value = get(key);
    return value == null ? otherwise : value.duration(otherwise);
  }

  /** Null if the key is absent. */
  public @Nullable Duration duration(String key) {
    Node value = get(key);
    return value == null ? null : value.duration(Duration.ofDays(1));
  }

  /** Bytes a second. */
  public long byteRate(String key, long otherwise) {
    Node value = get(key);
    return value == null ? otherwise : value.byteRate(otherwise);
  }

  public long size(String key, long otherwise) {
    Node value = get(key);
    return value == null ? otherwise : value.size(otherwise);
  }

  public String text(String key, String otherwise) {
    Node value = get(key);
    return value == null ? otherwise : value.text(otherwise);
  }

  public <E extends Enum<E>> E word(String key, Class<E> words, E otherwise) {
    Node value = get(key);
    return value == null ? otherwise : value.word(words, otherwise);
  }

  /**
   * Makes a record from the fields. What its constructor refuses is reported at the key that its
   * message begins with, and the record is made again without that key, so that every value out of
   * range is found in one run: bounds are written once, in the record.
   *
   * @param construct reads the fields by the getters above, and nothing else
   * @param otherwise stands in where the rest makes no record either
   */
  public <T extends @Nullable Object> T build(Supplier<T> construct, T otherwise) {
    while (true) {
      try {
        return construct.get();
      } catch (IllegalArgumentException refusal) {
        if (!forget(String.valueOf(refusal.getMessage()))) {
          return otherwise;
        }
      }
    }
  }

  private boolean forget(String message) {
    int colon = message.indexOf(':');
    String key = colon < 0 ? "" : message.substring(0, colon);
    if (refused.contains(key)) {
      return false;
    }
    Node value = get(key);
    if (value == null) {
      map.error(message, null);
      return false;
    }
    int expected = message.indexOf(Node.EXPECTED);
    value.error(
        expected < 0 ? message : key + ": " + value.inWords() + message.substring(expected), null);
    return refused.add(key);
  }

  private void refuseKey(String key, Position at, Keys keys) {
    String path = Yaml.child(map.path(), key);
    if (keys.later().contains(key)) {
      map.problems().error(at, path, key + ": not supported by this version", null);
      return;
    }
    String elsewhere = keys.elsewhere().get(key);
    if (elsewhere != null) {
      map.problems().error(at, path, "unknown key \"" + key + "\"", elsewhere);
      return;
    }
    String nearest = NearestName.hint(key, keys.known());
    String hint = nearest != null ? nearest : "known here: " + String.join(", ", keys.known());
    map.problems().error(at, path, "unknown key \"" + key + "\"", hint);
  }
}
