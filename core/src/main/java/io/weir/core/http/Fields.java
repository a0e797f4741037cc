package io.weir.core.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.netty.buffer.ByteBuf;
import io.netty.util.AsciiString;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The field lines of a head or of trailers: the bytes as they came, and where each name and value
 * lies in them. Belongs to one loop; reused.
 *
 * <p>Nothing is copied out until somebody asks: forwarding writes whole runs of lines, and a rule
 * that looks at a value gets a view of these bytes, valid until the next {@link #clear}.
 */
public final class Fields {
  /** Holds nearly every head of a browser; larger ones grow the array. */
  private static final int INITIAL_BYTES = 1024;

  private static final int INITIAL_FIELDS = 24;
  private static final int MARKS = 4;

  /** In heaps of less than 32 GiB. */
  private static final int REFERENCE_BYTES = 4;

  private static final byte[] COLON = {':', ' '};
  private static final byte[] CRLF = {'\r', '\n'};

  private byte[] bytes = new byte[INITIAL_BYTES];
  private int length;
  private int count;

  /** Per field: start and end of the name, start and end of the value without its white space. */
  private int[] marks = new int[INITIAL_FIELDS * MARKS];

  private FieldName[] names = new FieldName[INITIAL_FIELDS];

  /** Where the last line ends, its CRLF included. */
  private int linesEnd;

  /** Where the line that is being added begins, and its value. */
  private int added;

  private int addedValue;

  /** Forgets everything, and gives back what an unusually large head took. */
  public void clear(int keepAtMost) {
    length = 0;
    count = 0;
    if (bytes.length > keepAtMost) {
      bytes = new byte[INITIAL_BYTES];
    }
    if (names.length > INITIAL_FIELDS * 4) {
      marks = new int[INITIAL_FIELDS * MARKS];
      names = new FieldName[INITIAL_FIELDS];
    }
  }

  /** The array that the marks refer to; replaced when it grows. */
  public byte[] bytes() {
    return bytes;
  }

  /** Bytes of heap that it holds, in use or not. */
  public int footprint() {
    return bytes.length + marks.length * Integer.BYTES + names.length * REFERENCE_BYTES;
  }

  /** Bytes in use. */
  public int length() {
    return length;
  }

  /** Moves {@code n} bytes from {@code in} to the end of the bytes. */
  public void append(ByteBuf in, int n) {
    reserve(n);
    in.readBytes(bytes, length, n);
    length += n;
  }

  /**
   * Adds a field line that did not come as one.
   *
   * @param lowerName a token
   * @param value without CR, LF, NUL and white space around it
   */
  public void addLine(AsciiString lowerName, AsciiString value) {
    int nameStart = length;
    append(lowerName.array(), lowerName.arrayOffset(), lowerName.length());
    int nameEnd = length;
    append(COLON, 0, COLON.length);
    int valueStart = length;
    append(value.array(), value.arrayOffset(), value.length());
    int valueEnd = length;
    append(CRLF, 0, CRLF.length);
    mark(nameStart, nameEnd, valueStart, valueEnd, length);
  }

  /**
   * Makes one line of all lines of that name, their values in order with {@code separator} between;
   * empty ones add nothing, so that the separator's white space is never at an end.
   */
  public void joinLines(FieldName name, AsciiString lowerName, byte[] separator) {
    int first = find(name, 0);
    int next = first < 0 ? -1 : find(name, first + 1);
    if (next < 0) {
      return;
    }
    int known = count;
    int nameStart = length;
    append(lowerName.array(), lowerName.arrayOffset(), lowerName.length());
    int nameEnd = length;
    append(COLON, 0, COLON.length);
    int valueStart = length;
    for (int i = first; i >= 0 && i < known; i = find(name, i + 1)) {
      int bytesOfIt = valueEnd(i) - valueStart(i);
      if (bytesOfIt > 0 && length > valueStart) {
        append(separator, 0, separator.length);
      }
      append(bytes, valueStart(i), bytesOfIt);
      remove(i);
    }
    int valueEnd = length;
    append(CRLF, 0, CRLF.length);
    mark(nameStart, nameEnd, valueStart, valueEnd, length);
  }

  /** Appends bytes to the line that was begun. */
  public void append(byte[] from, int at, int n) {
    reserve(n);
    System.arraycopy(from, at, bytes, length, n);
    length += n;
  }

  /**
   * Begins a field line of ours behind the lines that there are, once the whole head was read: what
   * is appended until {@link #endLine} is its value.
   *
   * @param name the name, a colon and a space
   */
  public void beginLine(byte[] name) {
    if (count > 0) {
      length = linesEnd; // the empty line that ended the head
    }
    added = length;
    addedValue = length + name.length;
    append(name);
  }

  /** The same for all of an array. */
  public void append(byte[] piece) {
    append(piece, 0, piece.length);
  }

  /** The same for a text of Latin-1; what cannot stand in a value becomes a question mark. */
  public void append(CharSequence piece) {
    append(piece, 0, piece.length());
  }

  /** The same for a part of a text. */
  public void append(CharSequence text, int from, int to) {
    int n = to - from;
    reserve(n);
    for (int i = 0; i < n; i++) {
      char c = text.charAt(from + i);
      bytes[length + i] = c < 256 && Ascii.isFieldValue((byte) c) ? (byte) c : (byte) '?';
    }
    length += n;
  }

  /** The same for a number, as 16 digits in base 16. */
  public void appendHex(long number) {
    reserve(Hex.DIGITS);
    Hex.write(number, bytes, length);
    length += Hex.DIGITS;
  }

  /** Ends the line that was begun; white space around its value is not part of it. */
  public void endLine() {
    int from = Ascii.trimStart(bytes, addedValue, length);
    int valueEnd = addedValue + Ascii.trimEnd(bytes, from, length) - from;
    if (from > addedValue) {
      System.arraycopy(bytes, from, bytes, addedValue, valueEnd - addedValue);
    }
    length = valueEnd;
    append(CRLF);
    mark(added, addedValue - 2, addedValue, valueEnd, length);
  }

  /** The same for a line that is to be treated as if it had that name. */
  public void endLine(FieldName as) {
    endLine();
    names[count - 1] = as;
  }

  private void reserve(int n) {
    if (length + n > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + n));
    }
  }

  /** Takes back the last bytes, which turned out to belong to what follows. */
  public void cutTo(int newLength) {
    length = newLength;
  }

  /**
   * Marks a field line that lies in the bytes. Lines must follow each other without a gap.
   *
   * @param lineEnd behind the line's CRLF
   */
  public void mark(int nameStart, int nameEnd, int valueStart, int valueEnd, int lineEnd) {
    if (count == names.length) {
      names = Arrays.copyOf(names, count * 2);
      marks = Arrays.copyOf(marks, count * 2 * MARKS);
    }
    int at = count * MARKS;
    marks[at] = nameStart;
    marks[at + 1] = nameEnd;
    marks[at + 2] = valueStart;
    marks[at + 3] = valueEnd;
    names[count++] = FieldName.of(bytes, nameStart, nameEnd);
    linesEnd = lineEnd;
  }

  public int count() {
    return count;
  }

  /** A view of the name as it came; its bytes are valid until {@link #clear}. */
  public AsciiString nameText(int i) {
    int at = i * MARKS;
    return new AsciiString(bytes, marks[at], marks[at + 1] - marks[at], false);
  }

  public FieldName name(int i) {
    return names[i];
  }

  public int nameStart(int i) {
    return marks[i * MARKS];
  }

  public int nameEnd(int i) {
    return marks[i * MARKS + 1];
  }

  public int valueStart(int i) {
    return marks[i * MARKS + 2];
  }

  public int valueEnd(int i) {
    return marks[i * MARKS + 3];
  }

  /** A view of the value; its bytes are valid until {@link #clear}. */
  public AsciiString value(int i) {
    return new AsciiString(bytes, valueStart(i), valueEnd(i) - valueStart(i), false);
  }

  /** The value as a string of its own. */
  public String text(int i) {
    return new String(bytes, valueStart(i), valueEnd(i) - valueStart(i), ISO_8859_1);
  }

  /** Whether the name is {@code lower} in any case; removed fields have no name. */
  public boolean isNamed(int i, String lower) {
    int at = i * MARKS;
    return names[i] != FieldName.REMOVED
        && Ascii.equalsIgnoreCase(bytes, marks[at], marks[at + 1], lower);
  }

  /** Whether the name begins with {@code lower} in any case. */
  public boolean isNamedLike(int i, String lower) {
    int at = i * MARKS;
    int end = Math.min(marks[at] + lower.length(), marks[at + 1]);
    return names[i] != FieldName.REMOVED && Ascii.equalsIgnoreCase(bytes, marks[at], end, lower);
  }

  /** The same as {@link #isNamed}, with no difference between dashes and underscores. */
  public boolean isNamedAlike(int i, String lower) {
    int at = i * MARKS;
    return names[i] != FieldName.REMOVED && Ascii.isAlike(bytes, marks[at], marks[at + 1], lower);
  }

  /** The same as {@link #isNamedLike}, with no difference between dashes and underscores. */
  public boolean beginsAlike(int i, String lower) {
    int at = i * MARKS;
    int end = Math.min(marks[at] + lower.length(), marks[at + 1]);
    return names[i] != FieldName.REMOVED && Ascii.isAlike(bytes, marks[at], end, lower);
  }

  /** The first field of that name from {@code from} on, or -1. */
  public int find(FieldName name, int from) {
    for (int i = from; i < count; i++) {
      if (names[i] == name) {
        return i;
      }
    }
    return -1;
  }

  /** The first value of that name, a view valid until {@link #clear}. */
  public @Nullable AsciiString first(String lower) {
    for (int i = 0; i < count; i++) {
      if (isNamed(i, lower)) {
        return value(i);
      }
    }
    return null;
  }

  /** Removes the fields of that name. */
  public void removeAll(FieldName name) {
    for (int i = find(name, 0); i >= 0; i = find(name, i + 1)) {
      remove(i);
    }
  }

  /** Keeps a field from being sent on; who asks for it by its name still finds it. */
  public void withhold(int i) {
    if (names[i] != FieldName.REMOVED) {
      names[i] = FieldName.WITHHELD;
    }
  }

  public void remove(int i) {
    names[i] = FieldName.REMOVED;
  }

  /**
   * Writes the lines as they came, but for those whose name is in {@code without} and the removed
   * ones. Lines that lie one behind the other go out in one copy.
   */
  public void writeLines(ByteBuf out, NameSet without) {
    int run = -1;
    for (int i = 0; i < count; i++) {
      boolean kept = !without.contains(names[i]);
      if (kept && run < 0) {
        run = lineStart(i);
      } else if (!kept && run >= 0) {
        out.writeBytes(bytes, run, lineStart(i) - run);
        run = -1;
      }
    }
    if (run >= 0) {
      out.writeBytes(bytes, run, linesEnd - run);
    }
  }

  private int lineStart(int i) {
    return marks[i * MARKS];
  }
}
