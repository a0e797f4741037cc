package io.weir.core.answer;

import io.weir.core.http.Ascii;
import io.weir.core.http.Fields;

/** Finds the kind of page that the Accept fields of one request prefer. */
final class AcceptReader {
  /*
   * RFC 9110 section 12.5.1: of the ranges that fit a kind the most specific tells its weight; a
   * request without the field takes anything. Among kinds of the same weight, one that was named
   * beats one that only fits a wildcard, and one named earlier beats one named later: clients of
   * APIs write "application/json, text/plain, *" and mean the first. A range that cannot be read
   * says nothing. Parameters other than the weight are not looked at.
   */

  private static final PageKind[] KINDS = PageKind.values();

  private static final int MAX_WEIGHT = 1000;
  private static final int UNREADABLE = -1;

  private final int[] weights = new int[KINDS.length];
  private final int[] precision = new int[KINDS.length]; // 0 nothing fits, 1 any, 2 type, 3 named
  private final int[] places = new int[KINDS.length];
  private int ranges;

  private AcceptReader() {}

  static PageKind preferred(Fields fields) {
    AcceptReader reader = new AcceptReader();
    for (int i = 0; i < fields.count(); i++) {
      if (fields.isNamed(i, "accept")) {
        reader.read(fields.bytes(), fields.valueStart(i), fields.valueEnd(i));
      }
    }
    return reader.best();
  }

  private PageKind best() {
    int best = 0;
    for (int kind = 1; kind < KINDS.length; kind++) {
      if (isBetter(kind, best)) {
        best = kind;
      }
    }
    return KINDS[best];
  }

  private boolean isBetter(int kind, int than) {
    if (weights[kind] != weights[than]) {
      return weights[kind] > weights[than];
    }
    if (precision[kind] != precision[than]) {
      return precision[kind] > precision[than];
    }
    return places[kind] < places[than];
  }

  private void read(byte[] bytes, int start, int end) {
    int from = start;
    while (from < end) {
      int to = itemEnd(bytes, from, end, ',');
      range(bytes, from, to);
      from = to + 1;
    }
  }

  /** One media range with its parameters. */
  private void range(byte[] bytes, int start, int end) {
    int typeEnd = itemEnd(bytes, start, end, ';');
    int from = skipSpace(bytes, start, typeEnd);
    int to = trimSpace(bytes, from, typeEnd);
    int slash = itemEnd(bytes, from, to, '/');
    int weight = weight(bytes, typeEnd, end);
    if (slash == to || weight == UNREADABLE) {
      return;
    }
    ranges++;
    for (int kind = 0; kind < KINDS.length; kind++) {
      int fits = fit(bytes, from, slash, to, KINDS[kind]);
      if (fits > precision[kind]) {
        precision[kind] = fits;
        weights[kind] = weight;
        places[kind] = ranges;
      }
    }
  }

  private static int fit(byte[] bytes, int from, int slash, int to, PageKind kind) {
    boolean anySubtype = Ascii.equalsIgnoreCase(bytes, slash + 1, to, "*");
    if (anySubtype && Ascii.equalsIgnoreCase(bytes, from, slash, "*")) {
      return 1;
    }
    if (!Ascii.equalsIgnoreCase(bytes, from, slash, kind.type())) {
      return 0;
    }
    if (anySubtype) {
      return 2;
    }
    return Ascii.equalsIgnoreCase(bytes, slash + 1, to, kind.subtype()) ? 3 : 0;
  }

  /** The weight among parameters that begin at a semicolon or at the end; in thousandths. */
  private static int weight(byte[] bytes, int start, int end) {
    int from = start + 1;
    while (from < end) {
      int to = itemEnd(bytes, from, end, ';');
      int name = skipSpace(bytes, from, to);
      if (name + 1 < to && Ascii.lower(bytes[name]) == 'q' && bytes[name + 1] == '=') {
        return thousandths(bytes, name + 2, trimSpace(bytes, name + 2, to));
      }
      from = to + 1;
    }
    return MAX_WEIGHT;
  }

  /** {@code 0}, {@code 1}, or with up to three digits behind the point (section 12.4.2). */
  private static int thousandths(byte[] bytes, int from, int to) {
    boolean readable =
        to > from
            && to - from <= 5
            && (bytes[from] == '0' || bytes[from] == '1')
            && (to == from + 1 || bytes[from + 1] == '.');
    if (!readable) {
      return UNREADABLE;
    }
    int value = (bytes[from] - '0') * MAX_WEIGHT;
    int unit = MAX_WEIGHT / 10;
    for (int i = from + 2; i < to; i++, unit /= 10) {
      if (!Ascii.isDigit(bytes[i])) {
        return UNREADABLE;
      }
      value += (bytes[i] - '0') * unit;
    }
    return value > MAX_WEIGHT ? UNREADABLE : value;
  }

  /** Where the separator stands outside of quotes, or the end. */
  private static int itemEnd(byte[] bytes, int start, int end, char separator) {
    boolean quoted = false;
    for (int i = start; i < end; i++) {
      byte b = bytes[i];
      if (b == '"') {
        quoted = !quoted;
      } else if (quoted && b == '\\') {
        i++;
      } else if (!quoted && b == separator) {
        return i;
      }
    }
    return end;
  }

  private static int skipSpace(byte[] bytes, int start, int end) {
    int i = start;
    while (i < end && (bytes[i] == ' ' || bytes[i] == '\t')) {
      i++;
    }
    return i;
  }

  private static int trimSpace(byte[] bytes, int start, int end) {
    int i = end;
    while (i > start && (bytes[i - 1] == ' ' || bytes[i - 1] == '\t')) {
      i--;
    }
    return i;
  }
}
