package io.weir.firewall.text;

import java.util.Arrays;

/** The query parameters, or the cookies, of a request that some rule asks for; reused. */
public final class NamedTexts {
  private char[] memory = new char[256];
  private int[] names = new int[8];
  private int[] from = new int[8];
  private int[] to = new int[8];
  private int count;
  private int used; // of the memory
  private final Text value = new Text();

  /**
   * Reads a query as forms write it: {@code name=value} between ampersands, plus for space.
   *
   * @param wanted the names asked for, each with its number
   */
  public void readQuery(String query, LiteralMap wanted) {
    clear();
    int length = query.length();
    makeRoom(length);
    int at = 0;
    while (at <= length) {
      int end = query.indexOf('&', at);
      end = end < 0 ? length : end;
      int equals = query.indexOf('=', at);
      equals = equals < 0 || equals > end ? end : equals;
      int nameEnd = decode(query, at, equals, used);
      int[] numbers = wanted.get(memory, used, nameEnd, LiteralMap.hash(memory, used, nameEnd));
      if (numbers.length > 0 && end > at) {
        int valueEnd = equals == end ? used : decode(query, equals + 1, end, used);
        add(numbers[0], used, valueEnd);
        used = valueEnd;
      }
      at = end + 1;
    }
  }

  /**
   * Adds the cookies of one {@code Cookie} line (RFC 6265 §4.2.1): {@code name=value} between
   * semicolons, quotes around a value left out.
   *
   * @param wanted the names asked for, each with its number
   */
  public void addCookies(CharSequence line, LiteralMap wanted) {
    int length = line.length();
    makeRoom(used + length);
    for (int at = 0; at < length; ) {
      int end = indexOf(line, ';', at, length);
      int equals = indexOf(line, '=', at, end);
      int nameEnd = copy(line, at, equals, used);
      int[] numbers = wanted.get(memory, used, nameEnd, LiteralMap.hash(memory, used, nameEnd));
      if (numbers.length > 0 && equals < end) {
        int valueEnd = copy(line, equals + 1, end, used);
        boolean quoted = valueEnd - used > 1 && memory[used] == '"' && memory[valueEnd - 1] == '"';
        add(numbers[0], quoted ? used + 1 : used, quoted ? valueEnd - 1 : valueEnd);
        used = valueEnd;
      }
      at = end + 1;
    }
  }

  private static int indexOf(CharSequence line, char wanted, int from, int to) {
    for (int i = from; i < to; i++) {
      if (line.charAt(i) == wanted) {
        return i;
      }
    }
    return to;
  }

  /** Copies without the white space around it. */
  private int copy(CharSequence line, int begin, int end, int into) {
    int from = begin;
    int to = end;
    while (from < to && isBlank(line.charAt(from))) {
      from++;
    }
    while (to > from && isBlank(line.charAt(to - 1))) {
      to--;
    }
    for (int i = from; i < to; i++) {
      memory[into + i - from] = line.charAt(i);
    }
    return into + to - from;
  }

  private static boolean isBlank(char c) {
    return c == ' ' || c == '\t';
  }

  private void makeRoom(int length) {
    if (memory.length < length) {
      memory = Arrays.copyOf(memory, Math.max(length, 2 * memory.length));
    }
  }

  public void clear() {
    count = 0;
    used = 0;
  }

  /** Whether two values are the same. */
  public boolean isSame(int i, int j) {
    return Arrays.equals(memory, from[i], to[i], memory, from[j], to[j]);
  }

  public int count() {
    return count;
  }

  public int name(int i) {
    return names[i];
  }

  public Text value(int i) {
    value.borrow(memory, from[i], to[i]);
    return value;
  }

  private void add(int name, int begin, int end) {
    if (count == names.length) {
      names = Arrays.copyOf(names, 2 * count);
      from = Arrays.copyOf(from, 2 * count);
      to = Arrays.copyOf(to, 2 * count);
    }
    names[count] = name;
    from[count] = begin;
    to[count++] = end;
  }

  /** Decodes into the memory, which always has room: nothing becomes longer. */
  private int decode(String query, int begin, int end, int into) {
    int size = into;
    for (int i = begin; i < end; i++) {
      char c = query.charAt(i);
      if (c == '%' && i + 2 < end) {
        int high = digit(query.charAt(i + 1));
        int low = digit(query.charAt(i + 2));
        if (high >= 0 && low >= 0) {
          memory[size++] = (char) ((high << 4) | low);
          i += 2;
          continue;
        }
      }
      memory[size++] = c == '+' ? ' ' : c;
    }
    return size;
  }

  private static int digit(char c) {
    return c > 'f' ? -1 : Character.digit(c, 16);
  }
}
