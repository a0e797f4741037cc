package io.weir.core.http2;

import io.netty.buffer.ByteBuf;
import io.weir.core.http.Ascii;
import io.weir.core.http.FieldName;
import io.weir.core.http.Fields;
import io.weir.core.http.NameSet;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Writes field blocks (RFC 7541), straight from lines as HTTP/1 has them. One per connection;
 * confined to its loop.
 *
 * <p>Only the static table is used: what a dynamic one saves is little against a body, and it would
 * have to keep copies of values per connection.
 */
abstract sealed class BlockEncoder permits HeadEncoder, RequestEncoder {
  static final int CONTENT_LENGTH = 28;
  static final int DATE = 33;

  private static final int INDEXED = 0x80;
  private static final int NEVER_INDEXED = 0x10;
  private static final int RESIZE_TO_ZERO = 0x20;
  private static final int LITERAL_INDEX_BITS = 4;
  private static final int LENGTH_BITS = 7;
  private static final int CRLF = 2;

  /** Beside an index: nobody on the way may put the value into a table. */
  private static final int SECRET = 0x100;

  /** Static index of each name, 0 for those without one. */
  private static final int[] INDEX = index();

  private boolean tableGivenUp;

  private static int[] index() {
    int[] index = new int[FieldName.values().length];
    index[FieldName.AUTHORIZATION.ordinal()] = 23 | SECRET;
    index[FieldName.CACHE_CONTROL.ordinal()] = 24;
    index[FieldName.CONTENT_ENCODING.ordinal()] = 26;
    index[FieldName.CONTENT_LENGTH.ordinal()] = CONTENT_LENGTH;
    index[FieldName.CONTENT_RANGE.ordinal()] = 30;
    index[FieldName.CONTENT_TYPE.ordinal()] = 31;
    index[FieldName.COOKIE.ordinal()] = 32 | SECRET;
    index[FieldName.DATE.ordinal()] = DATE;
    index[FieldName.EXPECT.ordinal()] = 35;
    index[FieldName.LOCATION.ordinal()] = 46;
    index[FieldName.MAX_FORWARDS.ordinal()] = 47;
    index[FieldName.PROXY_AUTHORIZATION.ordinal()] = 49 | SECRET;
    index[FieldName.RANGE.ordinal()] = 50;
    index[FieldName.SET_COOKIE.ordinal()] = 55 | SECRET;
    index[FieldName.VIA.ordinal()] = 60;
    return index;
  }

  /**
   * The decoder's table is made empty once, at the start: then no change of its limit has to be
   * acknowledged (RFC 7541 section 4.2).
   */
  final void begin(ByteBuf out) {
    if (!tableGivenUp) {
      tableGivenUp = true;
      out.writeByte(RESIZE_TO_ZERO);
    }
  }

  /**
   * What was written since the last beginning is thrown away, and with it what it may have begun.
   */
  final void unsent() {
    tableGivenUp = false;
  }

  /** The trailers that may be sent on. */
  final void trailers(Fields trailers, ByteBuf out) {
    begin(out);
    fields(trailers, NameSet.NOT_IN_TRAILERS, out);
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

  /** A name and value of the static table. */
  static void indexed(int entry, ByteBuf out) {
    out.writeByte(INDEXED | entry);
  }

  static void contentLength(long length, ByteBuf out) {
    value(CONTENT_LENGTH, Long.toString(length), out);
  }

  /** The lines but for those whose name is in {@code without}. */
  static void fields(Fields fields, NameSet without, ByteBuf out) {
    for (int i = 0; i < fields.count(); i++) {
      FieldName name = fields.name(i);
      if (!without.contains(name)) {
        literal(
            fields.bytes(),
            fields.nameStart(i),
            fields.nameEnd(i),
            fields.bytes(),
            fields.valueStart(i),
            fields.valueEnd(i),
            INDEX[name.ordinal()],
            out);
      }
    }
  }

  /** Lines of ours, each a name, a colon, a space, a value and CRLF. */
  static void lines(byte[] lines, ByteBuf out) {
    for (int start = 0; start < lines.length; ) {
      int colon = indexOf(lines, ':', start);
      int end = indexOf(lines, '\r', colon);
      literal(lines, start, colon, lines, colon + 2, end, 0, out);
      start = end + CRLF;
    }
  }

  private static int indexOf(byte[] bytes, char c, int from) {
    int i = from;
    while (bytes[i] != c) {
      i++;
    }
    return i;
  }

  /** A name of the static table with another value, of Latin-1. */
  static void value(int index, String value, ByteBuf out) {
    integer(0, LITERAL_INDEX_BITS, index, out);
    integer(0, LENGTH_BITS, value.length(), out);
    out.writeCharSequence(value, StandardCharsets.ISO_8859_1);
  }

  /** The same with a value that lies in bytes. */
  static void value(int index, byte[] bytes, int start, int end, ByteBuf out) {
    literal(bytes, 0, 0, bytes, start, end, index, out);
  }

  /** A name of ours, in lower case, with a value that lies in bytes. */
  static void named(byte[] name, byte[] bytes, int start, int end, ByteBuf out) {
    literal(name, 0, name.length, bytes, start, end, 0, out);
  }

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
      name(names, nameStart, nameEnd, out);
    }
    integer(0, LENGTH_BITS, valueEnd - valueStart, out);
    out.writeBytes(values, valueStart, valueEnd - valueStart);
  }

  private static void name(byte[] bytes, int start, int end, ByteBuf out) {
    integer(0, LENGTH_BITS, end - start, out);
    for (int i = start; i < end; i++) {
      out.writeByte(Ascii.lower(bytes[i]));
    }
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
}
