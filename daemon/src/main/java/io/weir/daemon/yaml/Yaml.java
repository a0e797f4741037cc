package io.weir.daemon.yaml;

import io.weir.daemon.problem.Position;
import java.util.List;
import java.util.SequencedMap;

/**
 * A YAML document without YAML's types: text, lists and maps, each with its place.
 *
 * <p>A list or map stands where its key stands, everything else where it begins.
 */
public sealed interface Yaml {
  Position at();

  /** What to call it in a message. */
  String inWords();

  /**
   * A single value.
   *
   * @param empty nothing was written at all, as in {@code key:}, unlike {@code key: ""}
   */
  record Scalar(Position at, String text, boolean empty) implements Yaml {
    private static final int MAX_SHOWN = 100;

    @Override
    public String inWords() {
      return empty ? "nothing" : "\"" + shortened() + "\"";
    }

    /** Messages are one line each. */
    private String shortened() {
      String line = text.replace("\n", "\\n").replace("\r", "\\r");
      return line.length() <= MAX_SHOWN ? line : line.substring(0, MAX_SHOWN) + "...";
    }
  }

  /** A list. */
  record Sequence(Position at, List<Yaml> items) implements Yaml {
    @Override
    public String inWords() {
      return items.isEmpty() ? "an empty list" : "a list";
    }
  }

  /** A map in the order of the file; a key that was written twice has its first value. */
  record Mapping(Position at, SequencedMap<String, Entry> entries) implements Yaml {
    @Override
    public String inWords() {
      return entries.isEmpty() ? "an empty map" : "a map";
    }
  }

  /**
   * The value of a key.
   *
   * @param keyAt where the key stands
   */
  record Entry(Position keyAt, Yaml value) {}

  /** The path of a key inside the map at another path. */
  static String child(String path, String key) {
    return path.isEmpty() ? key : path + "." + key;
  }

  /** The path of an item, counted from 0, inside the list at another path. */
  static String child(String path, int index) {
    return path + "[" + index + "]";
  }
}
