package io.weir.core.http2;

import io.netty.buffer.ByteBuf;
import io.weir.core.http.Ascii;
import io.weir.core.http.FieldName;
import io.weir.core.http.Fields;
import io.weir.core.http.LocalResponse;
import io.weir.core.http.NameSet;
import io.weir.core.http.ResponseHead;
import io.weir.core.worker.HttpDate;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Writes heads and trailers as field blocks (RFC 7541), straight from the lines that a backend
 * sent. Confined to its loop.
 *
 * <p>Only the static table is used: what a dynamic one saves is little against a body, and it would
 * have to keep copies of values per connection.
 */
final class HeadEncoder {
  private static final int INDEXED = 0x80;
  private static final int NEVER_INDEXED = 0x10;
  private static final int RESIZE_TO_ZERO = 0x20;
  private static final int LITERAL_INDEX_BITS = 4;
  private static final int LENGTH_BITS = 7;

  /** {@code :status} in the static table. */
  private static final int STATUS = 8;

  private static final int CONTENT_LENGTH = 28;
  private static final int DATE = 33;

  /** {@code Date: } and the CRLF of the line that the worker keeps. */
  private static final int DATE_VALUE = 6;

  private static final int CRLF = 2;

  /** Static index of each name, 0 for those without one. */
  private static final int[] INDEX = index();

  private final HttpDate date;
  private boolean tableGivenUp;

  HeadEncoder(HttpDate date) {
    this.date = date;
  }

  private static int[] index() {
    int[] index = new int[FieldName.values().length];
    index[FieldName.CACHE_CONTROL.ordinal()] = 24;
    index[FieldName.CONTENT_ENCODING.ordinal()] = 26;
    index[FieldName.CONTENT_LENGTH.ordinal()] = CONTENT_LENGTH;
    index[FieldName.CONTENT_RANGE.ordinal()] = 30;
    index[FieldName.CONTENT_TYPE.ordinal()] = 31;
    index[FieldName.DATE.ordinal()] = DATE;
    index[FieldName.LOCATION.ordinal()] = 46;
    index[FieldName.SET_COOKIE.ordinal()] = 55;
    index[FieldName.VIA.ordinal()] = 60;
    return index;
  }

  void response(ResponseHead head, ByteBuf out) {
    status(head.status(), out);
    Fields fields = head.fields();
    fields(fields, NameSet.NOT_IN_RESPONSES, out);
    if (!head.isInterim() && fields.find(FieldName.DATE, 0) < 0) {
      date(out);
    }
  }

  /** The trailers that may be sent on. */
  void trailers(Fields trailers, ByteBuf out) {
    begin(out);
    fields(trailers, NameSet.NOT_IN_TRAILERS, out);
  }

  /** The head of a response of ours. */
  void local(LocalResponse response, ByteBuf out) {
    status(response.status(), out);
    byte[] lines = response.lines();
    for (int start = 0; start < lines.length; ) {
      int colon = indexOf(lines, ':', start);
      int end = indexOf(lines, '\r', colon);
      literal(lines, start, colon, lines, colon + 2, end, 0, out);
      start = end + CRLF;
    }
    date(out);
    if (response.status() != 204 && response.status() != 304) {
      contentLength(response.bodyLength(), out);
    }
  }

  /**
   * The decoder's table is made empty once, at the start: then no change of its limit has to be
   * acknowledged (RFC 7541 section 4.2).
   */
  private void begin(ByteBuf out) {
    if (!tableGivenUp) {
      tableGivenUp = true;
      out.writeByte(RESIZE_TO_ZERO);
    }
  }

  private void status(int status, ByteBuf out) {
    begin(out);
    int known =
        switch (status) {
          case 200 -> 8;
          case 204 -> 9;
          case 206 -> 10;
          case 304 -> 11;
          case 400 -> 12;
          case 404 -> 13;
          case 500 -> 14;
          default -> 0;
        };
    if (known > 0) {
      out.writeByte(INDEXED | known);
      return;
    }
    out.writeByte(STATUS);
    out.writeByte(3);
    out.writeByte('0' + status / 100);
    out.writeByte('0' + status / 10 % 10);
    out.writeByte('0' + status % 10);
  }

  private void date(ByteBuf out) {
    byte[] line = date.line();
    literal(line, 0, 0, line, DATE_VALUE, line.length - CRLF, DATE, out);
  }

  private static void contentLength(int length, ByteBuf out) {
    byte[] digits = Integer.toString(length).getBytes(StandardCharsets.US_ASCII);
    literal(digits, 0, 0, digits, 0, digits.length, CONTENT_LENGTH, out);
  }

  private static void fields(Fields fields, NameSet without, ByteBuf out) {
    byte[] bytes = fields.bytes();
    for (int i = 0; i < fields.count(); i++) {
      FieldName name = fields.name(i);
      if (!without.contains(name)) {
        literal(
            bytes,
            fields.nameStart(i),
            fields.nameEnd(i),
            bytes,
            fields.valueStart(i),
            fields.valueEnd(i),
            INDEX[name.ordinal()] | (name == FieldName.SET_COOKIE ? SECRET : 0),
            out);
      }
    }
  }

  /** Beside an index: nobody on the way may put the value into a table. */
  private static final int SECRET = 0x100;

  private static void literal(
      byte[] names,
      int nameStart,
      int nameEnd,
      byte[] values,
      int valueStart,
      int valueEnd,
      int index,
      ByteBuf out) {
    int first = (index & SECRET) == 0 ? 0 : NEVER_INDEXED;
    int known = index & ~SECRET;
    integer(first, LITERAL_INDEX_BITS, known, out);
    if (known == 0) {
      integer(0, LENGTH_BITS, nameEnd - nameStart, out);
      for (int i = nameStart; i < nameEnd; i++) {
        out.writeByte(Ascii.lower(names[i]));
      }
    }
    integer(0, LENGTH_BITS, valueEnd - valueStart, out);
    out.writeBytes(values, valueStart, valueEnd - valueStart);
  }

  /** An integer with a prefix of that many bits (RFC 7541 section 5.1). */
  private static void integer(int first, int bits, int value, ByteBuf out) {
    int most = (1 << bits) - 1;
    if (value < most) {
      out.writeByte(first | value);
      return;
    }
    out.writeByte(first | most);
    int rest = value - most;
    while (rest >= 0x80) {
      out.writeByte((rest & 0x7f) | 0x80);
      rest >>>= 7;
    }
    out.writeByte(rest);
  }

  private static int indexOf(byte[] bytes, char c, int from) {
    int i = from;
    while (bytes[i] != c) {
      i++;
    }
    return i;
  }

  /** Whether anything is left of trailers once what may not stand there is taken out. */
  static boolean hasAny(@Nullable Fields trailers) {
    for (int i = 0; trailers != null && i < trailers.count(); i++) {
      if (!NameSet.NOT_IN_TRAILERS.contains(trailers.name(i))) {
        return true;
      }
    }
    return false;
  }
}
