package io.weir.core.http;

import java.nio.charset.StandardCharsets;

/** A response of our own, encoded once. */
public final class LocalResponse {
  private final int status;
  private final String reason;
  private final byte[] lines;
  private final byte[] body;

  private LocalResponse(int status, byte[] lines, byte[] body) {
    this.status = status;
    this.reason = Reasons.of(status);
    this.lines = lines;
    this.body = body;
  }

  /**
   * Makes a response.
   *
   * @param lines field lines, each ended by CRLF, but for Content-Length, Connection and Date
   */
  public static LocalResponse of(int status, String lines, String body) {
    return new LocalResponse(
        status, lines.getBytes(StandardCharsets.ISO_8859_1), body.getBytes(StandardCharsets.UTF_8));
  }

  /** The status and its reason phrase as a line of text. */
  public static LocalResponse plain(int status) {
    return of(
        status,
        "Content-Type: text/plain; charset=utf-8\r\n",
        status + " " + Reasons.of(status) + "\n");
  }

  /** The same with one more field line, which ends with CRLF. */
  public LocalResponse with(String line) {
    byte[] more = line.getBytes(StandardCharsets.ISO_8859_1);
    byte[] all = new byte[lines.length + more.length];
    System.arraycopy(lines, 0, all, 0, lines.length);
    System.arraycopy(more, 0, all, lines.length, more.length);
    return new LocalResponse(status, all, body);
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

  /** Not to be changed. */
  public byte[] body() {
    return body;
  }
}
