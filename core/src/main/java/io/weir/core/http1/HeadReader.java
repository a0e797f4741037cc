package io.weir.core.http1;

import io.netty.buffer.ByteBuf;
import io.weir.core.http.Ascii;
import io.weir.core.http.Failure;
import io.weir.core.http.Fields;

/**
 * Reads a start line and field lines strictly, from pieces of any size, without a cumulation
 * buffer.
 *
 * <p>What RFC 9112 lets a recipient tolerate, this one refuses: a bare LF, a bare CR, white space
 * before a colon or at the start of a line, folded lines, controls in values. Each of these is read
 * differently by some backend, and a message that can be read in two ways is how requests are
 * smuggled (RFC 9112 section 11.2).
 */
abstract class HeadReader {
  /** Progress of {@link #read}. */
  enum Progress {
    MORE,
    DONE,
    REFUSED
  }

  /** Results of {@link #startLine} that are not an offset. */
  static final int INCOMPLETE = -1;

  static final int MALFORMED = -2;

  /** Bytes are taken in pieces, so that a body which came along is not copied and given back. */
  private static final int STEP = 2048;

  private final Fields fields;
  private int maxBytes;
  private int maxFields;
  private int next;
  private boolean startLineRead;
  private Failure refusal = Failure.BAD_REQUEST;

  HeadReader(Fields fields) {
    this.fields = fields;
  }

  /**
   * Begins a head.
   *
   * @param maxBytes of the whole head
   */
  final void restart(int maxBytes, int maxFields) {
    this.maxBytes = maxBytes;
    this.maxFields = maxFields;
    next = 0;
    startLineRead = false;
    refusal = Failure.BAD_REQUEST;
  }

  /**
   * Reads the start line at {@code from}.
   *
   * @return where the next line begins, {@link #INCOMPLETE}, or {@link #MALFORMED}
   */
  abstract int startLine(byte[] bytes, int from, int end);

  /** Why the last read was refused. */
  final Failure refusal() {
    return refusal;
  }

  /** For a start line that is well-formed and yet not acceptable. */
  final int refuse(Failure why) {
    refusal = why;
    return MALFORMED;
  }

  /** Takes bytes up to the end of the head; what follows stays in {@code in}. */
  final Progress read(ByteBuf in) {
    while (in.isReadable()) {
      int room = maxBytes - fields.length();
      if (room == 0) {
        refusal = startLineRead ? Failure.HEAD_TOO_LARGE : Failure.TARGET_TOO_LONG;
        return Progress.REFUSED;
      }
      int before = fields.length();
      fields.append(in, Math.min(Math.min(in.readableBytes(), STEP), room));
      if (before > next && !hasLineFeed(before)) {
        continue; // the line that was incomplete still is: reading it again would be quadratic
      }
      Progress progress = readLines();
      if (progress == Progress.DONE) {
        in.readerIndex(in.readerIndex() - (fields.length() - next));
        fields.cutTo(next);
      }
      if (progress != Progress.MORE) {
        return progress;
      }
    }
    return Progress.MORE;
  }

  private boolean hasLineFeed(int from) {
    byte[] bytes = fields.bytes();
    for (int i = from; i < fields.length(); i++) {
      if (bytes[i] == '\n') {
        return true;
      }
    }
    return false;
  }

  private Progress readLines() {
    byte[] bytes = fields.bytes();
    int end = fields.length();
    if (!startLineRead) {
      int after = startLine(bytes, next, end);
      if (after < 0) {
        return after == INCOMPLETE ? Progress.MORE : Progress.REFUSED;
      }
      next = after;
      startLineRead = true;
    }
    while (next < end) {
      if (bytes[next] == '\r') {
        return readEmptyLine(bytes, end);
      }
      if (fields.count() == maxFields) {
        refusal = Failure.HEAD_TOO_LARGE;
        return Progress.REFUSED;
      }
      int after = readField(bytes, next, end);
      if (after < 0) {
        return after == INCOMPLETE ? Progress.MORE : Progress.REFUSED;
      }
      next = after;
    }
    return Progress.MORE;
  }

  private Progress readEmptyLine(byte[] bytes, int end) {
    if (next + 1 == end) {
      return Progress.MORE;
    }
    if (bytes[next + 1] != '\n') {
      return Progress.REFUSED;
    }
    next += 2;
    return Progress.DONE;
  }

  private int readField(byte[] bytes, int start, int end) {
    int i = start;
    while (i < end && Ascii.isToken(bytes[i])) {
      i++;
    }
    if (i == end) {
      return INCOMPLETE;
    }
    int nameEnd = i;
    if (nameEnd == start || bytes[i] != ':') {
      return MALFORMED;
    }
    i++;
    while (i < end && (bytes[i] == ' ' || bytes[i] == '\t')) {
      i++;
    }
    int valueStart = i;
    while (i < end && Ascii.isFieldValue(bytes[i])) {
      i++;
    }
    int after = lineEnd(bytes, i, end);
    if (after < 0) {
      return after;
    }
    int valueEnd = i;
    while (valueEnd > valueStart && (bytes[valueEnd - 1] == ' ' || bytes[valueEnd - 1] == '\t')) {
      valueEnd--;
    }
    fields.mark(start, nameEnd, valueStart, valueEnd, after);
    return after;
  }

  /** Behind the CRLF that must stand at {@code i}. */
  static int lineEnd(byte[] bytes, int i, int end) {
    if (i < end && bytes[i] != '\r') {
      return MALFORMED;
    }
    if (i + 1 < end && bytes[i + 1] != '\n') {
      return MALFORMED;
    }
    return i + 1 < end ? i + 2 : INCOMPLETE;
  }
}
