package io.weir.core.testkit;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What has come on one stream so far. */
public final class Http2Response {
  private final List<Headers> interim = new ArrayList<>();
  private final ByteArrayOutputStream body = new ByteArrayOutputStream();
  private @Nullable Headers head;
  private @Nullable Headers trailers;
  private @Nullable Integer reset;
  private boolean ended;
  private int length;

  void takes(Headers headers, boolean ends) {
    boolean isFinal = headers.first(":status").filter(s -> s.startsWith("1")).isEmpty();
    if (head != null) {
      trailers = headers;
    } else if (isFinal) {
      head = headers;
    } else {
      interim.add(headers);
    }
    ended |= ends;
  }

  void takes(byte[] data, boolean ends, boolean keep) {
    length += data.length;
    if (keep) {
      body.writeBytes(data);
    }
    ended |= ends;
  }

  void isReset(int error) {
    reset = error;
  }

  public int status() {
    Headers known = head;
    return known == null ? 0 : Integer.parseInt(known.first(":status").orElse("0"));
  }

  public Headers headers() {
    return head == null ? new Headers(List.of()) : head;
  }

  public List<Headers> interim() {
    return interim;
  }

  public String body() {
    return Wire.text(body.toByteArray());
  }

  public int length() {
    return length;
  }

  public @Nullable Headers trailers() {
    return trailers;
  }

  /** The error it was reset with. */
  public @Nullable Integer reset() {
    return reset;
  }

  /** Whether the server said that it was all. */
  public boolean ended() {
    return ended;
  }

  /** Whether an answer had begun and was reset before its end. */
  public boolean isCut() {
    return head != null && !ended && reset != null;
  }

  @Override
  public String toString() {
    return "head " + head + ", body " + length() + " bytes, ended " + ended + ", reset " + reset;
  }
}
