package io.weir.core.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** A response of our own, encoded once; its body may have places for the request's id. */
public final class LocalResponse {
  private static final byte[] NO_ID = {};

  /**
   * The line for a 405 by configuration, which knows no method that would be let through: that
   * there is none, as of what is disabled (RFC 9110 sections 10.2.1 and 15.5.6).
   */
  public static final String NO_METHOD = "Allow: \r\n";

  /** Up to here a copy costs less than the pieces. */
  private static final int COPIED_BYTES = 4096;

  private final int status;
  private final String reason;
  private final byte[] lines;
  private final byte[][] pieces;
  private final byte[] id;

  private LocalResponse(int status, byte[] lines, byte[][] pieces, byte[] id) {
    this.status = status;
    this.reason = ReasonPhrases.of(status);
    this.lines = lines;
    this.pieces = pieces;
    this.id = id;
  }

  /**
   * Makes a response.
   *
   * @param lines field lines, each ended by CRLF, but for Content-Length, Connection and Date
   */
  public static LocalResponse of(int status, String lines, String body) {
    return of(status, lines, List.of(body));
  }

  /**
   * Makes a response whose body has the request's id between its pieces.
   *
   * @param lines as above
   * @param pieces at least one
   */
  public static LocalResponse of(int status, String lines, List<String> pieces) {
    return new LocalResponse(
        status,
        latin1(lines),
        pieces.stream().map(piece -> piece.getBytes(StandardCharsets.UTF_8)).toArray(byte[][]::new),
        NO_ID);
  }

  /** The status and its reason phrase as a line of text. */
  public static LocalResponse plain(int status) {
    return of(
        status,
        "Content-Type: text/plain; charset=utf-8\r\n",
        status + " " + ReasonPhrases.of(status) + "\n");
  }

  /** The same with one more field line, which ends with CRLF. */
  public LocalResponse with(String line) {
    return withLines(joined(lines, latin1(line)));
  }

  /** The same with other field lines, not to be changed any more. */
  public LocalResponse withLines(byte[] other) {
    return new LocalResponse(status, other, pieces, id);
  }

  /** The same for a request with that id, not to be changed any more: in the body and beside it. */
  public LocalResponse withId(byte[] requestId) {
    byte[] all = joined(lines, latin1("X-Request-Id: "), requestId, latin1("\r\n"));
    return new LocalResponse(status, all, pieces, requestId);
  }

  private static byte[] latin1(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  private static byte[] joined(byte[]... parts) {
    int length = 0;
    for (byte[] part : parts) {
      length += part.length;
    }
    byte[] all = new byte[length];
    int at = 0;
    for (byte[] part : parts) {
      System.arraycopy(part, 0, all, at, part.length);
      at += part.length;
    }
    return all;
  }

  /** The reason phrase of a status. */
  public static String reason(int status) {
    return ReasonPhrases.of(status);
  }

  public int status() {
    return status;
  }

  /** The reason phrase of the status. */
  public String reason() {
    return reason;
  }

  /** Field lines with their CRLFs; not to be changed. */
  public byte[] lines() {
    return lines;
  }

  /** Adds the field lines to fields that are still empty. */
  public void putLines(Fields fields) {
    fields.append(lines, 0, lines.length);
    for (int start = 0, end; start < lines.length; start = end) {
      int colon = indexOf(':', start);
      end = indexOf('\n', colon) + 1;
      fields.mark(start, colon, colon + 2, end - 2, end);
    }
  }

  private int indexOf(char c, int from) {
    int i = from;
    while (lines[i] != c) {
      i++;
    }
    return i;
  }

  /** Bytes of the body. */
  public int bodyLength() {
    int length = id.length * (pieces.length - 1);
    for (byte[] piece : pieces) {
      length += piece.length;
    }
    return length;
  }

  /** The body; it shares its bytes with this where a copy would be large. */
  public ByteBuf body() {
    int length = bodyLength();
    if (length <= COPIED_BYTES) {
      ByteBuf copy = Unpooled.buffer(length);
      writeBody(copy);
      return copy;
    }
    byte[][] parts = new byte[2 * pieces.length - 1][];
    for (int i = 0; i < parts.length; i++) {
      parts[i] = i % 2 == 0 ? pieces[i / 2] : id;
    }
    return Unpooled.wrappedBuffer(parts);
  }

  /** Appends what there is of the body from byte {@code from} on, at most so much. */
  public void writeBody(ByteBuf out, int from, int most) {
    int at = 0;
    for (int i = 0; i < 2 * pieces.length - 1; i++) {
      byte[] part = i % 2 == 0 ? pieces[i / 2] : id;
      int begin = Math.max(from - at, 0);
      int end = Math.min(from + most - at, part.length);
      if (begin < end) {
        out.writeBytes(part, begin, end - begin);
      }
      at += part.length;
    }
  }

  /** Appends the body. */
  public void writeBody(ByteBuf out) {
    out.writeBytes(pieces[0]);
    for (int i = 1; i < pieces.length; i++) {
      out.writeBytes(id);
      out.writeBytes(pieces[i]);
    }
  }
}
