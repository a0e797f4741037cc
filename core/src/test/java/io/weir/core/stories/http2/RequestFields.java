package io.weir.core.stories.http2;

import java.util.ArrayList;
import java.util.List;

/** The fields of a request, names and values in turn; and others by what they have another way. */
record RequestFields(List<String> pairs) {
  static final RequestFields GET =
      of(":method", "GET").and(":scheme", "http").and(":path", "/").and(":authority", "a");

  /** What opens a WebSocket (RFC 8441), as far as pseudo-fields say so. */
  static final RequestFields WEBSOCKET =
      of(":method", "CONNECT")
          .and(":protocol", "websocket")
          .and(":scheme", "http")
          .and(":path", "/")
          .and(":authority", "a");

  static RequestFields of(String name, String value) {
    return new RequestFields(List.of(name, value));
  }

  /** With one more behind them. */
  RequestFields and(String name, String value) {
    List<String> more = new ArrayList<>(pairs);
    more.add(name);
    more.add(value);
    return new RequestFields(more);
  }

  /** With another value of that one. */
  RequestFields but(String name, String value) {
    List<String> other = new ArrayList<>(pairs);
    other.set(indexOf(name) + 1, value);
    return new RequestFields(other);
  }

  RequestFields without(String name) {
    List<String> fewer = new ArrayList<>(pairs);
    int at = indexOf(name);
    fewer.subList(at, at + 2).clear();
    return new RequestFields(fewer);
  }

  private int indexOf(String name) {
    int at = pairs.indexOf(name);
    if (at < 0) {
      throw new IllegalArgumentException("no " + name + " in " + pairs);
    }
    return at;
  }

  String[] text() {
    return pairs.toArray(String[]::new);
  }
}
