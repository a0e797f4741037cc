package io.weir.daemon.yaml;

import io.weir.daemon.problem.Position;
import io.weir.daemon.problem.Problems;
import io.weir.daemon.yaml.Yaml.Entry;
import io.weir.daemon.yaml.Yaml.Mapping;
import io.weir.daemon.yaml.Yaml.Scalar;
import io.weir.daemon.yaml.Yaml.Sequence;
import io.weir.firewall.problem.NearestName;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.SequencedMap;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One value of the configuration, read as the type that its key asks for.
 *
 * <p>A value of another type is reported where it stands, and the getter returns what it was told
 * to return instead, so that reading goes on and one run finds every mistake.
 */
public final class Node {
  /** Before what was expected, in the messages of everything that refuses a value. */
  public static final String EXPECTED = " (expected: ";

  private final Yaml yaml;
  private final String path;
  private final String key;
  private final Problems problems;

  private Node(Yaml yaml, String path, String key, Problems problems) {
    this.yaml = yaml;
    this.path = path;
    this.key = key;
    this.problems = problems;
  }

  /** The whole document. */
  public static Node root(Yaml document, Problems problems) {
    return new Node(document, "", "the file", problems);
  }

  /** The value of one key of the document. */
  public static Node section(Yaml value, String key, Problems problems) {
    return new Node(value, key, key, problems);
  }

  public Position at() {
    return yaml.at();
  }

  public String path() {
    return path;
  }

  /** The key that this is the value of, or of the list that it is in; messages begin with it. */
  public String key() {
    return key;
  }

  public Problems problems() {
    return problems;
  }

  public boolean isScalar() {
    return yaml instanceof Scalar scalar && !scalar.empty();
  }

  public boolean isMap() {
    return yaml instanceof Mapping;
  }

  /** What to call it in a message. */
  public String inWords() {
    return yaml.inWords();
  }

  /** Whether nothing was written after the key. */
  public boolean isEmpty() {
    return yaml instanceof Scalar scalar && scalar.empty();
  }

  /** Whether this is the given word. */
  public boolean is(String word) {
    return yaml instanceof Scalar scalar && scalar.text().equals(word);
  }

  public String text(String otherwise) {
    return parsed(Function.identity(), "a text", otherwise);
  }

  public int number(int otherwise) {
    return parsed(
        text -> Math.clamp(Units.number(text), Integer.MIN_VALUE, Integer.MAX_VALUE),
        "a whole number",
        otherwise);
  }

  public boolean bool(boolean otherwise) {
    if (is("true") || is("false")) {
      return is("true");
    }
    wrong("true or false");
    return otherwise;
  }

  public Duration duration(Duration otherwise) {
    return parsed(Units::duration, "a duration, like 10s", otherwise);
  }

  long size(long otherwise) {
    return parsed(Units::size, "a size, like 16KiB", otherwise);
  }

  long byteRate(long otherwise) {
    return parsed(Units::byteRate, Units.BYTE_RATE, otherwise);
  }

  /** One of an enum's constants, written in lower case. */
  public <E extends Enum<E>> E word(Class<E> words, E otherwise) {
    for (E constant : words.getEnumConstants()) {
      if (is(constant.name().toLowerCase(Locale.ROOT))) {
        return constant;
      }
    }
    List<String> known =
        Stream.of(words.getEnumConstants())
            .map(constant -> constant.name().toLowerCase(Locale.ROOT))
            .toList();
    String hint = yaml instanceof Scalar scalar ? NearestName.hint(scalar.text(), known) : null;
    error(key + ": " + yaml.inWords() + EXPECTED + String.join(" | ", known) + ")", hint);
    return otherwise;
  }

  /** The file that is named here, relative to the file that names it; null after a complaint. */
  public @Nullable Path file() {
    return parsed(this::resolve, "a file");
  }

  private Path resolve(String name) {
    if (name.isEmpty() || name.indexOf('\0') >= 0) {
      throw new IllegalArgumentException(inWords() + EXPECTED + "a file)");
    }
    return yaml.at().source().resolve(name);
  }

  /** What a parser makes of the text, or a stand-in after a complaint. */
  public <T> T parsed(Function<String, T> parser, String expected, T otherwise) {
    T value = parsed(parser, expected);
    return value == null ? otherwise : value;
  }

  /**
   * What a parser makes of the text, or null after a complaint.
   *
   * @param parser throws IllegalArgumentException saying what it expected
   * @param expected in words, for values that are no text at all
   */
  public <T> @Nullable T parsed(Function<String, T> parser, String expected) {
    if (!(yaml instanceof Scalar scalar) || scalar.empty()) {
      wrong(expected);
      return null;
    }
    return this.<@Nullable T>refusable(() -> parser.apply(scalar.text()), null);
  }

  /** What a constructor makes, or a stand-in after reporting what it refused at this value. */
  public <T extends @Nullable Object> T refusable(Supplier<T> construct, T otherwise) {
    try {
      return construct.get();
    } catch (IllegalArgumentException refusal) {
      refused(refusal);
      return otherwise;
    }
  }

  /** The items; a value where a list is meant is a list of one, and nothing is a list of none. */
  public List<Node> list() {
    if (isEmpty()) {
      return List.of();
    }
    if (!(yaml instanceof Sequence sequence)) {
      return List.of(this);
    }
    List<Node> items = new ArrayList<>();
    for (Yaml item : sequence.items()) {
      items.add(new Node(item, Yaml.child(path, items.size()), key, problems));
    }
    return items;
  }

  /** The values of a map whose keys are fixed; every other key is reported. */
  public Fields fields(Keys keys) {
    SequencedMap<String, Entry> entries = entries("a map with " + String.join(", ", keys.known()));
    return new Fields(this, entries, keys);
  }

  /** The values of a map whose keys are names that the user chooses. */
  public SequencedMap<String, Node> named() {
    SequencedMap<String, Node> named = new LinkedHashMap<>();
    entries("a map of names").forEach((name, entry) -> named.put(name, child(name, entry)));
    return named;
  }

  Node child(String name, Entry entry) {
    return new Node(entry.value(), Yaml.child(path, name), name, problems);
  }

  /** Reports that the value is not what it should be. */
  public void wrong(String expected) {
    error(key + ": " + yaml.inWords() + EXPECTED + expected + ")", null);
  }

  /** Reports what a parser or a record said about the value. */
  public void refused(IllegalArgumentException refusal) {
    if (problems.covers(path)) {
      return; // it was made of parts that are already known to be wrong
    }
    String message = String.valueOf(refusal.getMessage());
    int expected = message.indexOf(EXPECTED);
    if (isScalar() && expected >= 0) {
      error(key + ": " + inWords() + message.substring(expected), null);
    } else {
      error(message.startsWith(key + ": ") ? message : key + ": " + message, null);
    }
  }

  /** Reports something about the value, unless it was already found wrong. */
  public void error(String message, @Nullable String hint) {
    if (!problems.any(at())) {
      problems.error(at(), path, message, hint);
    }
  }

  /** Reports something about a name of this map, where the name stands. */
  public void nameError(String name, String message) {
    Entry entry = yaml instanceof Mapping mapping ? mapping.entries().get(name) : null;
    problems.error(entry == null ? at() : entry.keyAt(), Yaml.child(path, name), message, null);
  }

  /** Reports something doubtful about the value. */
  public void warning(String message, @Nullable String hint) {
    problems.warning(at(), path, message, hint);
  }

  private SequencedMap<String, Entry> entries(String expected) {
    if (yaml instanceof Mapping mapping) {
      return mapping.entries();
    }
    if (!isEmpty()) {
      wrong(expected);
    }
    return new LinkedHashMap<>();
  }
}
