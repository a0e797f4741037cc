package io.weir.core.http2;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http2.Http2Stream;
import io.weir.core.http.BodyLength;
import io.weir.core.http.Failure;
import io.weir.core.http.Repeat;
import io.weir.core.worker.SlowReaders;
import org.jspecify.annotations.Nullable;

/**
 * The body of one stream's response: how long it is to be, and what came of it while nobody wanted
 * it. For its loop.
 */
final class Http2ResponseBody {
  /** As much as a client can hold, see {@link SlowReaders}. */
  private static final int MOST_AT_ONCE = 64 * 1024;

  private final Http2Upstream connection;
  private final Http2UpstreamStream response;
  private final KeptBytes waiting = new KeptBytes();
  private @Nullable Untaken untaken;
  private long announced = -1;
  private long received;
  private boolean forbidden;

  /**
   * Of a response that is to come.
   *
   * @param response which fails where the memory is wanted of what waits
   */
  Http2ResponseBody(Http2Upstream connection, Http2UpstreamStream response) {
    this.connection = connection;
    this.response = response;
  }

  /** Its head came, and says how long it is, see {@link BodyLength}. */
  void begin(long length) {
    announced = length;
    forbidden = length == BodyLength.NONE;
  }

  /** So many bytes of it came. */
  void count(int bytes) {
    received += bytes;
  }

  /**
   * Whether it is not as long as was announced (RFC 9113 section 8.1.1).
   *
   * @param ends whether nothing follows
   */
  boolean hasWrongLength(boolean ends) {
    return forbidden
        ? received > 0
        : announced >= 0 && (received > announced || (ends && received < announced));
  }

  /** Whether some of it came while nobody wanted it. */
  boolean isWaiting() {
    return !waiting.isEmpty();
  }

  /** Keeps a copy of what nobody wants now. */
  void keep(ByteBuf data) {
    int bytes = data.readableBytes();
    waiting.add(data, connection.allocator());
    if (bytes == 0) {
      return;
    }
    if (untaken == null) {
      untaken =
          new Untaken(
              waiting,
              UpstreamCodec.STREAM_WINDOW,
              () -> response.fail(Failure.OVERLOAD, Repeat.NEVER));
    }
    connection.slowReaders().add(untaken);
  }

  /** What was kept, a piece that a client can hold, now the caller's; null if there is no more. */
  @Nullable ByteBuf take() {
    ByteBuf bytes = waiting.take(MOST_AT_ONCE, connection.allocator());
    if (bytes == null) {
      waitsForNobody();
    }
    return bytes;
  }

  /** The same, for what the stream becomes. */
  KeptBytes handOver() {
    waitsForNobody();
    return waiting;
  }

  /** Nobody will have what was kept. */
  void drop() {
    waitsForNobody();
    int dropped = waiting.drop();
    if (dropped > 0) {
      consumed(dropped);
    }
  }

  private void waitsForNobody() {
    if (untaken != null) {
      connection.slowReaders().remove(untaken);
    }
  }

  /** So many bytes of what was kept have gone on: the backend may send as many more. */
  void consumed(int bytes) {
    Http2Stream stream = response.stream();
    if (stream != null) {
      connection.writer().consumed(stream, bytes);
    }
  }
}
