package io.weir.core.testkit;

import io.weir.core.testkit.Response.Framing;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads HTTP/1 messages and forgives nothing: what it returns had exactly one reading.
 *
 * <p>Not for messages of more than a few megabytes, which it keeps.
 */
final class MessageReader {
  private static final String TOKEN = "[!#$%&'*+\\-.^_`|~0-9A-Za-z]+";
  private static final Pattern REQUEST_LINE =
      Pattern.compile("(" + TOKEN + ") ([!-~\\x80-\\xff]+) (HTTP/\\d\\.\\d)");
  private static final Pattern STATUS_LINE =
      Pattern.compile("(HTTP/\\d\\.\\d) ([1-9]\\d\\d) ([\\t -~\\x80-\\xff]*)");
  private static final Pattern HEADER_LINE =
      Pattern.compile(
          "("
              + TOKEN
              + "):[ \\t]*((?:[!-~\\x80-\\xff](?:[\\t -~\\x80-\\xff]*[!-~\\x80-\\xff])?)?)[ \\t]*");
  private static final Pattern CHUNK_SIZE = Pattern.compile("[0-9A-Fa-f]{1,15}");
  private static final Pattern CONTENT_LENGTH = Pattern.compile("\\d{1,18}");

  private static final long MOST_KEPT = 64 << 20;

  private final InputStream in;
  private final ByteArrayOutputStream raw = new ByteArrayOutputStream();

  MessageReader(InputStream in) {
    this.in = in;
  }

  /** The bytes of the message being read, or of the one read last. */
  byte[] raw() {
    return raw.toByteArray();
  }

  /** The next request's head, its body empty; null when the stream ends before its first byte. */
  @Nullable Request requestHead() throws IOException {
    raw.reset();
    String line = line(true);
    if (line == null) {
      return null;
    }
    Matcher start = match(REQUEST_LINE, line, "request line");
    Headers headers = headers();
    return new Request(
        start.group(1), start.group(2), start.group(3), headers, new byte[0], Headers.NONE, raw());
  }

  /** The same request with the body that follows its head. */
  Request body(Request head) throws IOException {
    Headers trailers = Headers.NONE;
    byte[] body = new byte[0];
    if (chunked(head.headers())) {
      body = chunks();
      trailers = headers();
    } else {
      Optional<Long> length = contentLength(head.headers());
      if (length.isPresent()) {
        body = exactly(length.get());
      }
    }
    return new Request(
        head.method(), head.target(), head.version(), head.headers(), body, trailers, raw());
  }

  /** The next response's head, its body empty. */
  Response responseHead() throws IOException {
    raw.reset();
    String line = line(true);
    if (line == null) {
      throw new EOFException("the connection ended where a response was expected");
    }
    Matcher start = match(STATUS_LINE, line, "status line");
    int status = Integer.parseInt(start.group(2));
    Headers headers = headers();
    return new Response(
        start.group(1),
        status,
        start.group(3),
        headers,
        new byte[0],
        Headers.NONE,
        Framing.NONE,
        raw());
  }

  /** The same response with the body that follows its head. */
  Response body(Response head, String requestMethod) throws IOException {
    byte[] body = new byte[0];
    Headers trailers = Headers.NONE;
    Framing framing = framing(head, requestMethod);
    switch (framing) {
      case NONE -> {}
      case CONTENT_LENGTH -> body = exactly(contentLength(head.headers()).orElseThrow());
      case CHUNKED -> {
        body = chunks();
        trailers = headers();
      }
      case CLOSE -> {
        body = in.readAllBytes();
        raw.write(body);
      }
    }
    return new Response(
        head.version(),
        head.status(),
        head.reason(),
        head.headers(),
        body,
        trailers,
        framing,
        raw());
  }

  /** What ends the body of a response (RFC 9112 section 6.3). */
  Framing framing(Response head, String requestMethod) throws IOException {
    boolean chunked = chunked(head.headers());
    Optional<Long> length = contentLength(head.headers());
    int status = head.status();
    if (status < 200 || status == 204) {
      check(!chunked && length.isEmpty(), "body framing on a " + status);
      return Framing.NONE;
    }
    if (status == 304 || requestMethod.equals("HEAD")) {
      return Framing.NONE;
    }
    if (chunked) {
      return Framing.CHUNKED;
    }
    return length.isPresent() ? Framing.CONTENT_LENGTH : Framing.CLOSE;
  }

  private boolean chunked(Headers headers) throws IOException {
    List<String> codings = headers.all("transfer-encoding");
    if (codings.isEmpty()) {
      return false;
    }
    check(codings.equals(List.of("chunked")), "Transfer-Encoding " + codings);
    check(!headers.has("content-length"), "Transfer-Encoding beside Content-Length");
    return true;
  }

  private Optional<Long> contentLength(Headers headers) throws IOException {
    List<String> lengths = headers.all("content-length");
    if (lengths.isEmpty()) {
      return Optional.empty();
    }
    check(lengths.size() == 1, "Content-Length " + lengths);
    match(CONTENT_LENGTH, lengths.getFirst(), "Content-Length");
    return Optional.of(Long.parseLong(lengths.getFirst()));
  }

  private Headers headers() throws IOException {
    List<Header> lines = new ArrayList<>();
    for (String line = line(); !line.isEmpty(); line = line()) {
      Matcher header = match(HEADER_LINE, line, "header line");
      lines.add(new Header(header.group(1), header.group(2)));
    }
    return new Headers(lines);
  }

  private byte[] chunks() throws IOException {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    while (true) {
      String line = line();
      match(CHUNK_SIZE, line, "chunk size");
      long size = Long.parseLong(line, 16);
      if (size == 0) {
        return body.toByteArray();
      }
      body.write(exactly(size));
      check(line().isEmpty(), "no line end after the data of a chunk");
    }
  }

  private byte[] exactly(long count) throws IOException {
    if (count > MOST_KEPT) {
      throw new IOException("a body of " + count + " bytes, too large to keep");
    }
    byte[] bytes = in.readNBytes((int) count);
    raw.write(bytes);
    if (bytes.length < count) {
      throw new EOFException("the body ended after " + bytes.length + " of " + count + " bytes");
    }
    return bytes;
  }

  private String line() throws IOException {
    String line = line(false);
    if (line == null) {
      throw new EOFException("the connection ended inside of a message");
    }
    return line;
  }

  private @Nullable String line(boolean mayEnd) throws IOException {
    StringBuilder line = new StringBuilder();
    while (true) {
      int b = in.read();
      if (b < 0) {
        if (mayEnd && line.isEmpty()) {
          return null;
        }
        throw new EOFException(
            "the connection ended inside of a line, after:\n" + Wire.printable(raw()));
      }
      raw.write(b);
      if (b == '\n') {
        boolean ended = !line.isEmpty() && line.charAt(line.length() - 1) == '\r';
        check(ended, "a line that ends in a bare LF");
        line.setLength(line.length() - 1);
        check(line.indexOf("\r") < 0, "a bare CR");
        return line.toString();
      }
      line.append((char) b);
    }
  }

  private Matcher match(Pattern pattern, String text, String what) throws IOException {
    Matcher matcher = pattern.matcher(text);
    check(matcher.matches(), "malformed " + what + " \"" + text + "\"");
    return matcher;
  }

  private void check(boolean holds, String what) throws IOException {
    if (!holds) {
      throw new MalformedMessageException(what, raw());
    }
  }
}
