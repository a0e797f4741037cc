package io.weir.firewall.list;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.weir.firewall.address.Cidr;
import io.weir.firewall.address.PackedPrefixes;
import io.weir.firewall.problem.NearestName;
import io.weir.firewall.problem.Problems;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.BiPredicate;
import java.util.function.Consumer;

/** The entries of all lists, read. */
public final class CompiledLists {
  private static final int MOST_PROBLEMS = 20; // of one list; a wrong file is wrong in each line

  /*
   * What a list may hold, so that with a heap of 1 GiB one can be compiled while the one that it
   * replaces still serves. A text is a string while it is read and an entry of a hash table
   * afterwards, its characters are states of 14 bytes where they are looked for inside of others.
   */
  private static final int MOST_PREFIXES = 4_000_000; // of IPv4
  private static final int WEIGHT_OF_V6 = 3; // a third as many of IPv6
  private static final int MOST_TEXTS = 500_000;
  private static final int MOST_TEXT = 8 << 20; // characters of all of them

  private static final byte[] BYTE_ORDER_MARK = {(byte) 0xef, (byte) 0xbb, (byte) 0xbf};

  private final Map<String, ListConfig> configs;
  private final Map<String, List<Cidr>> addresses = new HashMap<>();
  private final Map<String, List<String>> texts = new HashMap<>();
  private final Problems problems;

  public CompiledLists(Map<String, ListConfig> configs, Problems problems) {
    this.configs = configs;
    this.problems = problems;
    configs.forEach(this::read);
  }

  /** The prefixes of a list; a problem at that path if there is no such list. */
  public List<Cidr> addresses(String name, String path) {
    return isKnown(name, ListType.ADDRESSES, path)
        ? addresses.getOrDefault(name, List.of())
        : List.of();
  }

  /** The texts of a list; a problem at that path if there is no such list. */
  public List<String> texts(String name, String path) {
    return isKnown(name, ListType.TEXT, path) ? texts.getOrDefault(name, List.of()) : List.of();
  }

  /** How many entries each list has, in the order of the file. */
  public Map<String, Integer> sizes() {
    Map<String, Integer> sizes = new LinkedHashMap<>();
    configs.forEach((name, config) -> {
      List<?> entries = config.type() == ListType.ADDRESSES ? addresses.get(name) : texts.get(name);
      sizes.put(name, entries == null ? 0 : entries.size());
    });
    return sizes;
  }

  private boolean isKnown(String name, ListType type, String path) {
    ListConfig config = configs.get(name);
    if (config == null && name.indexOf(':') >= 0) { // no operator's list has such a name
      String key = name.substring(0, name.indexOf(':'));
      problems.add(
          path,
          key + ": no database says what is in it (expected: firewall.databases." + key + ")");
      return false;
    }
    if (config == null) {
      String hint = NearestName.hint(name, configs.keySet());
      problems.add(path, "there is no list \"" + name + '"', hint);
      return false;
    }
    if (config.type() != type) {
      problems.add(
          path,
          "list \"%s\" holds %s (expected: a list of %s)"
              .formatted(name, config.type().label(), type.label()),
          type == ListType.TEXT ? "say \"type: text\" at the list" : null);
      return false;
    }
    return true;
  }

  private void read(String name, ListConfig config) {
    switch (config.type()) {
      case ADDRESSES -> {
        if (config.source() instanceof ListSource.Prefixes(String _, List<Cidr> known)) {
          addresses.put(name, known);
          return;
        }
        List<Cidr> prefixes = new PackedPrefixes();
        addresses.put(name, prefixes);
        eachEntry(
            name,
            config.source(),
            new Room(MOST_PREFIXES, WEIGHT_OF_V6, Long.MAX_VALUE),
            text -> prefixes.add(Cidr.parse(text)));
      }
      case TEXT -> {
        List<String> entries = new ArrayList<>();
        texts.put(name, entries);
        eachEntry(name, config.source(), new Room(MOST_TEXTS, 1, MOST_TEXT), entries::add);
      }
    }
  }

  private void eachEntry(String name, ListSource source, Room room, Consumer<String> reader) {
    String path = "lists." + name;
    int[] wrong = {0};
    BiPredicate<Integer, String> entry =
        (place, text) -> {
          if (!room.has(text)) {
            String at = place(source, place);
            boolean inline = source instanceof ListSource.Inline;
            problems.add(inline ? path + at : path, (inline ? "" : at + ": ") + room.full());
            return false;
          }
          try {
            reader.accept(text);
          } catch (IllegalArgumentException e) {
            if (++wrong[0] <= MOST_PROBLEMS) {
              String at = place(source, place);
              problems.add(
                  source instanceof ListSource.Inline ? path + at : path, message(at, e, source));
            }
          }
          return true;
        };
    switch (source) {
      case ListSource.Inline(var entries) -> {
        for (int i = 0; i < entries.size(); i++) {
          if (!entry.test(i, entries.get(i).strip())) {
            break;
          }
        }
      }
      case ListSource.Lines lines -> eachLine(path, lines, entry);
      case ListSource.Prefixes ignored -> throw new IllegalArgumentException("prefixes as texts");
      case ListSource.Awaited ignored -> {}
    }
    if (wrong[0] > MOST_PROBLEMS) {
      problems.add(path, "and " + (wrong[0] - MOST_PROBLEMS) + " more entries that cannot be read");
    }
  }

  /** How much more of a list can be taken. */
  private static final class Room {
    private final int most;
    private final int weightOfV6;
    private final long mostText;
    private int entries;
    private long text;

    /**
     * A list that nothing was taken of yet.
     *
     * @param weightOfV6 for how many an entry counts that has a colon
     */
    Room(int most, int weightOfV6, long mostText) {
      this.most = most;
      this.weightOfV6 = weightOfV6;
      this.mostText = mostText;
    }

    /** Takes another entry, if it can be. */
    boolean has(String entry) {
      entries += entry.indexOf(':') >= 0 ? weightOfV6 : 1;
      text += entry.length();
      return entries <= most && text <= mostText;
    }

    String full() {
      return entries > most
          ? String.format(Locale.ROOT, "more than %,d entries", most)
          : String.format(Locale.ROOT, "more than %,d characters of text", mostText);
    }
  }

  private static String place(ListSource source, int place) {
    return switch (source) {
      case ListSource.Inline ignored -> "[" + place + "]";
      case ListSource.Lines lines -> lines.origin() + ":" + place;
      case ListSource.Prefixes prefixes -> prefixes.origin();
      case ListSource.Awaited awaited -> awaited.origin();
    };
  }

  private static String message(String at, IllegalArgumentException e, ListSource source) {
    return source instanceof ListSource.Inline ? "" + e.getMessage() : at + ": " + e.getMessage();
  }

  private void eachLine(String path, ListSource.Lines lines, BiPredicate<Integer, String> entry) {
    byte[] content = lines.content();
    if (!isUtf8(content)) {
      problems.add(path, lines.origin() + ":1: is not UTF-8");
      return;
    }
    int number = 0;
    // Line by line: a text of the whole would be long-lived garbage of three times the file.
    for (int from = startsWithMark(content) ? BYTE_ORDER_MARK.length : 0; from < content.length; ) {
      int end = from;
      while (end < content.length && content[end] != '\n') {
        end++;
      }
      number++;
      String text = withoutComment(new String(content, from, end - from, UTF_8)).strip();
      if (!text.isEmpty() && !entry.test(number, text)) {
        return;
      }
      from = end + 1;
    }
  }

  private static String withoutComment(String line) {
    int hash = line.indexOf('#');
    while (hash > 0 && !Character.isWhitespace(line.charAt(hash - 1))) {
      hash = line.indexOf('#', hash + 1);
    }
    return hash < 0 ? line : line.substring(0, hash);
  }

  private static boolean startsWithMark(byte[] content) {
    return content.length >= BYTE_ORDER_MARK.length
        && Arrays.equals(
            content, 0, BYTE_ORDER_MARK.length, BYTE_ORDER_MARK, 0, BYTE_ORDER_MARK.length);
  }

  private static boolean isUtf8(byte[] content) {
    CharsetDecoder decoder = UTF_8.newDecoder();
    ByteBuffer in = ByteBuffer.wrap(content);
    CharBuffer out = CharBuffer.allocate(1 << 12);
    CoderResult result = CoderResult.OVERFLOW;
    while (result.isOverflow()) {
      result = decoder.decode(in, out.clear(), true);
    }
    return result.isUnderflow();
  }
}
