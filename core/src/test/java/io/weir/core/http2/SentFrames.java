package io.weir.core.http2;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.Http2FrameTypes;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/**
 * Reads what we send on one connection of HTTP/2 as strictly as a peer might: every frame is whole,
 * and stands where RFC 9113 section 5.1 lets it.
 */
final class SentFrames {
  private static final String PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
  private static final int HEADER_BYTES = 9;
  private static final int END_STREAM = 0x1;
  private static final int ACK = 0x1;
  private static final int END_HEADERS = 0x4;

  private final boolean byClient;
  private final ByteBuf bytes = Unpooled.buffer();
  private final Map<Integer, Sending> streams = new HashMap<>();
  private int highest;
  private boolean prefaceSeen;
  private boolean settingsSeen;
  private boolean goAway;
  private boolean asked;

  /** What we may still send on a stream. */
  private enum Sending {
    OPEN,
    ENDED,
    RESET
  }

  private SentFrames(boolean byClient) {
    this.byClient = byClient;
    this.prefaceSeen = !byClient;
  }

  /** What a client sends. */
  static SentFrames ofClient() {
    return new SentFrames(true);
  }

  /** What a server sends. */
  static SentFrames ofServer() {
    return new SentFrames(false);
  }

  /** Whether the end of the connection was announced. */
  boolean hasGoAway() {
    return goAway;
  }

  /** Whether a PING of ours asked if the backend lives. */
  boolean hasPing() {
    return asked;
  }

  /** More was sent; {@code piece} is not released. */
  void add(ByteBuf piece) {
    bytes.writeBytes(piece);
    if (!prefaceSeen && bytes.readableBytes() >= PREFACE.length()) {
      prefaceSeen = true;
      assertThat(bytes.readCharSequence(PREFACE.length(), StandardCharsets.US_ASCII))
          .hasToString(PREFACE);
    }
    while (prefaceSeen && isFrameThere()) {
      int length = bytes.readUnsignedMedium();
      int type = bytes.readUnsignedByte();
      int flags = bytes.readUnsignedByte();
      int stream = bytes.readInt();
      read(type, flags, stream, bytes.readSlice(length));
    }
    bytes.discardReadBytes();
  }

  private boolean isFrameThere() {
    return bytes.readableBytes() >= HEADER_BYTES
        && bytes.readableBytes() >= HEADER_BYTES + bytes.getUnsignedMedium(bytes.readerIndex());
  }

  /** Nothing is left that is no whole frame. */
  void ended() {
    assertThat(bytes.readableBytes()).as("bytes of a frame that was cut").isZero();
  }

  private void read(int type, int flags, int stream, ByteBuf payload) {
    if (!settingsSeen) {
      settingsSeen = true;
      assertThat(type).as("the first frame").isEqualTo(Http2FrameTypes.SETTINGS);
    }
    switch (type) {
      case Http2FrameTypes.HEADERS -> headers(flags, stream);
      case Http2FrameTypes.DATA -> {
        assertThat(streams.get(stream)).as("DATA on %d", stream).isEqualTo(Sending.OPEN);
        end(flags, stream);
      }
      case Http2FrameTypes.RST_STREAM -> {
        Sending before = streams.put(stream, Sending.RESET);
        // A server may say it again of what comes on a stream that has long been closed.
        assertThat(byClient && (before == null || before == Sending.RESET))
            .as("RST_STREAM on %d, %s", stream, before)
            .isFalse();
      }
      case Http2FrameTypes.WINDOW_UPDATE -> {
        assertThat(stream == 0 || streams.containsKey(stream) || !byClient)
            .as("window of %d", stream)
            .isTrue();
        assertThat(payload.readInt()).as("increment").isPositive();
      }
      case Http2FrameTypes.GO_AWAY -> goAway = true;
      case Http2FrameTypes.PING -> asked |= (flags & ACK) == 0;
      default -> assertThat(type).as("a type of frame").isEqualTo(Http2FrameTypes.SETTINGS);
    }
  }

  private void headers(int flags, int stream) {
    assertThat(flags & END_HEADERS).as("blocks are small").isNotZero();
    if (streams.containsKey(stream)) {
      assertThat(streams.get(stream)).as("HEADERS on %d", stream).isEqualTo(Sending.OPEN);
      assertThat(flags & END_STREAM).as("trailers end").isGreaterThanOrEqualTo(byClient ? 1 : 0);
    } else if (!byClient) {
      streams.put(stream, Sending.OPEN);
    } else {
      assertThat(goAway).as("a request behind our GOAWAY").isFalse();
      assertThat(stream % 2).as("stream %d is ours", stream).isEqualTo(1);
      assertThat(stream).isGreaterThan(highest);
      highest = stream;
      streams.put(stream, Sending.OPEN);
    }
    end(flags, stream);
  }

  private void end(int flags, int stream) {
    if ((flags & END_STREAM) != 0) {
      streams.put(stream, Sending.ENDED);
    }
  }
}
