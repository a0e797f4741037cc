package io.weir.core.http2;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Stream;
import io.weir.core.http.BodyLength;
import io.weir.core.http.Fields;
import io.weir.core.http.LocalResponse;
import io.weir.core.http.ResponseHead;
import io.weir.core.worker.SlowReader;
import org.jspecify.annotations.Nullable;

/**
 * What one stream is answered with: its frames, what of them waits for the client's window, and
 * until when that must open. For its loop.
 */
final class Http2Answer {
  /*
   * A window that is shut is waited for only where something of an answer is behind it: else a client
   * could stop the time of its body with it, and who reads nothing of one stream would lose another.
   */

  private final Http2Downstream connection;
  private final Http2DownstreamStream request;
  private final Http2Stream stream;
  private final boolean toHead;

  /**
   * The latest piece of the body, until there is another or what was written goes out: mostly it is
   * the last, and its frame can say so.
   */
  private @Nullable ByteBuf latest;

  private boolean begun;
  private @Nullable ChannelFuture end;
  private @Nullable Http2Error error;
  private boolean stalled;

  /** Its backend is not read on, since the window is shut. */
  private boolean moreWaits;

  /** What the client does not take; only where something ever waited. */
  private @Nullable SlowReader unsent;

  /**
   * To a request that just came.
   *
   * @param request whose deadline is set for the client's window
   */
  Http2Answer(
      Http2Downstream connection,
      Http2DownstreamStream request,
      Http2Stream stream,
      boolean toHead) {
    this.connection = connection;
    this.request = request;
    this.stream = stream;
    this.toHead = toHead;
  }

  private ResponseWriter writer() {
    return connection.writer();
  }

  // Its frames.

  /** Whether the stream takes nothing more, or its connection does not. */
  boolean isClosed() {
    return stream.state() == Http2Stream.State.CLOSED
        || stream.isResetSent()
        || connection.isClosing();
  }

  /** Whether DATA can still be sent. */
  boolean takesData() {
    return !isClosed() && !isEnded();
  }

  /** Whether its last frame was written. */
  boolean isEnded() {
    return end != null;
  }

  /** Whether all of it is on its way, and nothing waits for the client's window. */
  boolean isSent() {
    return isEnded() && !isUnsent();
  }

  /** The last frame, once it was written. */
  @Nullable ChannelFuture end() {
    return end;
  }

  void interim(ResponseHead interim) {
    if (!isClosed()) {
      writer().writeInterim(stream, interim);
    }
  }

  /** Its head, where the stream is not closed. */
  void head(ResponseHead response) {
    boolean empty = response.bodyLength() == BodyLength.NONE || response.bodyLength() == 0;
    boolean ends = empty && !response.trailersMayFollow();
    begun = true;
    ChannelFuture written = writer().writeHead(stream, response, ends);
    end = ends ? written : null;
  }

  /** The head of one that leaves HTTP. */
  void switched(ResponseHead response) {
    if (!isClosed()) {
      writer().writeSwitched(stream, response);
    }
  }

  /** A piece of its body, where it {@link #takesData}; consumes {@code data}. */
  void body(ByteBuf data) {
    push();
    latest = data;
  }

  void end(@Nullable Fields trailers) {
    if (!takesData()) {
      return;
    }
    if (trailers != null && BlockEncoder.hasAny(trailers)) {
      push();
      end = writer().writeTrailers(stream, trailers);
      return;
    }
    ByteBuf last = latest == null ? Unpooled.EMPTY_BUFFER : latest;
    latest = null;
    end = writer().writeData(stream, last, true);
  }

  /** A whole response of ours. */
  void local(LocalResponse response) {
    if (isClosed()) {
      return;
    }
    boolean hasBody =
        !toHead
            && response.bodyLength() > 0
            && response.status() != 204
            && response.status() != 304;
    begun = true;
    ChannelFuture written = writer().writeLocal(stream, response, !hasBody);
    end = hasBody ? writer().writeData(stream, response.body(), true) : written;
  }

  /** The piece that waits is not the last, or not known to be. */
  void push() {
    ByteBuf data = latest;
    if (data != null) {
      latest = null;
      var _ = writer().writeData(stream, data, false);
    }
  }

  // How it can end early.

  /** It is to end with this, and not with an answer, when somebody ends it. */
  void failsWith(Http2Error why) {
    error = why;
  }

  boolean isFailed() {
    return error != null;
  }

  /** Whether the client can still be told of a failure by an answer of ours, and would take it. */
  boolean canBeOurs() {
    return !begun && !isFailed() && isWritable();
  }

  /** Cuts what had begun; where nothing had, nobody will ever answer. */
  void cut() {
    cut(begun ? Http2Error.INTERNAL_ERROR : Http2Error.CANCEL);
  }

  /** Ends with what it is to end with; where nothing was said of that, with {@code otherwise}. */
  void cut(Http2Error otherwise) {
    reset(error == null ? otherwise : error);
  }

  void reset(Http2Error with) {
    drop();
    if (!isClosed()) {
      writer().reset(stream, with);
    }
  }

  /** The stream is closed: nobody will have the rest. */
  void onClosed() {
    waitsForNobody();
    drop();
  }

  private void drop() {
    ByteBuf data = latest;
    if (data != null) {
      latest = null;
      data.release();
    }
  }

  // What of it waits for the client.

  /** Whether the client's window has room. */
  boolean isWritable() {
    return !isClosed() && writer().isWritable(stream);
  }

  /** More of it is at the backend, and is not sent before the client makes room. */
  void holdsBack() {
    moreWaits = true;
  }

  /** Whether some of it waits to be sent. */
  boolean isUnsent() {
    return writer().holdsBack(stream);
  }

  /** The same, or still waits at the backend. */
  boolean isWaiting() {
    return moreWaits || isUnsent();
  }

  /** Whether some of it is behind a window that is shut, here or still at the backend. */
  boolean isHeldBack() {
    return !writer().isWritable(stream) && isWaiting();
  }

  /** Whether the deadline is for the client's window. */
  boolean isStalled() {
    return stalled;
  }

  /** The client's window is waited for: the deadline is for that. */
  void stall() {
    stalled = true;
    onRoom();
  }

  /** It is not, or no longer. */
  void unstall() {
    stalled = false;
    connection.timers().clear(request);
  }

  /** The client gave room in its window: it does take what we send. */
  void onRoom() {
    if (stalled) {
      connection.timers().set(request, connection.in(connection.handler().limits().idleNanos()));
    }
  }

  void onWritability(boolean writable) {
    if (writable) {
      moreWaits = false;
      waitsForNobody();
    } else if (!isClosed()) {
      watch();
    }
  }

  /**
   * Looks whether the window is shut: of one that never was open nobody tells that it closed. Only
   * who leaves something here counts: one not answered yet may just share a socket that is full.
   */
  void watch() {
    if (isWritable() || !isUnsent()) {
      return;
    }
    if (unsent == null) {
      unsent = new Unsent();
    }
    connection.slowReaders().add(unsent);
  }

  private void waitsForNobody() {
    if (unsent != null) {
      connection.slowReaders().remove(unsent);
    }
  }

  /** The client takes nothing of this stream, whatever it does with the others. */
  private final class Unsent extends SlowReader {
    @Override
    protected void cut() {
      if (!isClosed()) {
        request.onMemoryWanted();
      }
    }
  }
}
