package io.weir.core.http2;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.Http2Error;
import java.nio.charset.StandardCharsets;

/**
 * How a client hears that its connection takes no more requests (RFC 9113 section 6.8). In good
 * order that is a GOAWAY that names no stream, a PING, and when that came back the last stream's
 * id; where a rule is broken, one GOAWAY that says which. For one connection, on its loop.
 */
final class Farewell {
  /** The way of a GOAWAY to the client and of the requests that crossed it. */
  static final long ROUND_TRIP_NANOS = 1_000_000_000L;

  /** What our PING says that follows a GOAWAY. */
  private static final long PING = 0x77656972_64726e01L;

  private static final int MOST_DEBUG_BYTES = 128;

  private final Http2Downstream connection;
  private final Http2Codec codec;
  private final ResponseWriter writer;
  private boolean begun;
  private boolean clientLeaves;
  private boolean lastStreamNamed;

  Farewell(Http2Downstream connection, Http2Codec codec, ResponseWriter writer) {
    this.connection = connection;
    this.codec = codec;
    this.writer = writer;
  }

  /** Whether we have said that we end the connection. */
  boolean isBegun() {
    return begun;
  }

  /** Whether one of the two wants to end the connection. */
  boolean isWanted() {
    return begun || clientLeaves;
  }

  void begin() {
    begun = true;
    goAway(Integer.MAX_VALUE); // what is on its way will still be served
    codec.encoder.writePing(connection.ctx(), false, PING, connection.ctx().newPromise());
  }

  /** The client means to open no more streams; nothing keeps it from doing so until we end it. */
  void onClientLeaves() {
    clientLeaves = true;
  }

  void onPingAnswered(long data) {
    if (data == PING && begun) {
      nameLastStream();
    }
  }

  void nameLastStream() {
    if (!lastStreamNamed) {
      lastStreamNamed = true;
      goAway(codec.connection.remote().lastStreamCreated());
    }
  }

  /** At once: its requests are lost. */
  void because(Http2Error error, String why) {
    ByteBuf debug =
        Unpooled.copiedBuffer(
            why.substring(0, Math.min(why.length(), MOST_DEBUG_BYTES)), StandardCharsets.UTF_8);
    int last = codec.connection.remote().lastStreamCreated();
    codec.writer.writeGoAway(
        connection.ctx(), last, error.code(), debug, connection.ctx().newPromise());
  }

  private void goAway(int lastStream) {
    connection.goAway(
        connection.ctx(),
        lastStream,
        Http2Error.NO_ERROR.code(),
        Unpooled.EMPTY_BUFFER,
        connection.ctx().newPromise());
    writer.flushSoon();
  }

  /** Whether the client knows that this stream is not served. */
  boolean isBehind(int streamId) {
    return lastStreamNamed && streamId > codec.connection.remote().lastStreamKnownByPeer();
  }
}
