package io.weir.firewall;

import java.util.Arrays;

/** The query parameters of a request that some rule asks for, decoded; reused. */
final class QueryText {
  private char[] memory = new char[256];
  private int[] names = new int[8];
  private int[] from = new int[8];
  private int[] to = new int[8];
  private int count;
  private final Text value = new Text();

  /**
   * Reads a query as forms write it: {@code name=value} between ampersands, plus for space.
   *
   * @param wanted the names asked for, each with its number
   */
  void read(String query, LiteralMap wanted) {
    count = 0;
    int length = query.length();
    if (memory.length < length) {
      memory = new char[Math.max(length, 2 * memory.length)];
    }
    int at = 0;
    int used = 0;
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

  void clear() {
    count = 0;
  }

  int count() {
    return count;
  }

  int name(int i) {
    return names[i];
  }

  Text value(int i) {
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
