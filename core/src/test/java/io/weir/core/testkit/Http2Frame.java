package io.weir.core.testkit;

import java.nio.ByteBuffer;
import java.util.HexFormat;

/** One HTTP/2 frame (RFC 9113 section 4), well-formed or as wrong as a test wants it. */
public record Http2Frame(int type, int flags, int stream, byte[] payload) {
  public static final int DATA = 0;
  public static final int HEADERS = 1;
  public static final int PRIORITY = 2;
  public static final int RST_STREAM = 3;
  public static final int SETTINGS = 4;
  public static final int PUSH_PROMISE = 5;
  public static final int PING = 6;
  public static final int GOAWAY = 7;
  public static final int WINDOW_UPDATE = 8;
  public static final int CONTINUATION = 9;

  public static final int END_STREAM = 1;
  public static final int ACK = 1;
  public static final int END_HEADERS = 4;
  public static final int PADDED = 8;
  public static final int PRIORITIZED = 32;

  public static Http2Frame of(int type, int flags, int stream, byte... payload) {
    return new Http2Frame(type, flags, stream, payload);
  }

  /** The head of a request and nothing behind it. */
  public static Http2Frame request(int stream, String... fields) {
    return headers(stream, END_HEADERS | END_STREAM, HpackText.literals(fields));
  }

  public static Http2Frame headers(int stream, int flags, byte[] block) {
    return of(HEADERS, flags, stream, block);
  }

  public static Http2Frame continuation(int stream, int flags, byte[] block) {
    return of(CONTINUATION, flags, stream, block);
  }

  public static Http2Frame data(int stream, int flags, String text) {
    return of(DATA, flags, stream, Wire.bytes(text));
  }

  public static Http2Frame reset(int stream, int error) {
    return of(RST_STREAM, 0, stream, number(error));
  }

  public static Http2Frame ping(long opaque) {
    return of(PING, 0, 0, ByteBuffer.allocate(8).putLong(opaque).array());
  }

  public static Http2Frame windowUpdate(int stream, int increment) {
    return of(WINDOW_UPDATE, 0, stream, number(increment));
  }

  public static Http2Frame goAway(int lastStream, int error) {
    return of(GOAWAY, 0, 0, ByteBuffer.allocate(8).putInt(lastStream).putInt(error).array());
  }

  /** Pairs of an identifier and a value. */
  public static Http2Frame settings(long... pairs) {
    ByteBuffer payload = ByteBuffer.allocate(pairs.length * 3);
    for (int i = 0; i < pairs.length; i += 2) {
      payload.putShort((short) pairs[i]).putInt((int) pairs[i + 1]);
    }
    return of(SETTINGS, 0, 0, payload.array());
  }

  public static Http2Frame settingsAck() {
    return of(SETTINGS, ACK, 0);
  }

  /** What a stream depends on, and with which weight. */
  public static Http2Frame priority(int stream, int dependsOn, int weight) {
    return of(PRIORITY, 0, stream, dependency(dependsOn, weight));
  }

  public static byte[] dependency(int dependsOn, int weight) {
    return ByteBuffer.allocate(5).putInt(dependsOn).put((byte) (weight - 1)).array();
  }

  static byte[] number(int value) {
    return ByteBuffer.allocate(4).putInt(value).array();
  }

  boolean has(int flag) {
    return (flags & flag) != 0;
  }

  int number() {
    return ByteBuffer.wrap(payload).getInt();
  }

  /** As it goes over the wire. */
  public byte[] bytes() {
    return ByteBuffer.allocate(9 + payload.length)
        .put((byte) (payload.length >> 16))
        .putShort((short) payload.length)
        .put((byte) type)
        .put((byte) flags)
        .putInt(stream)
        .put(payload)
        .array();
  }

  @Override
  public String toString() {
    String hex = HexFormat.of().formatHex(payload, 0, Math.min(payload.length, 64));
    return "type " + type + " flags " + flags + " stream " + stream + " [" + hex + "]";
  }
}
