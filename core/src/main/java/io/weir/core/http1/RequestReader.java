package io.weir.core.http1;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelConfig;
import io.weir.core.http.Failure;
import io.weir.core.http.Fields;
import io.weir.core.http.HttpLimits;
import io.weir.core.http.RequestHandler;
import io.weir.core.http.RequestHead;
import org.jspecify.annotations.Nullable;

/**
 * Reads the requests of one connection, one at a time, and keeps what arrives before it is wanted.
 * Confined to its loop.
 */
final class RequestReader {
  /*
   * Bytes that arrive before they are wanted (a pipelined request, a body whose backend is not yet
   * connected) wait in `waiting`. When much waits there, reading stops.
   *
   * No request begins while the client leaves its answers unread: else one who pipelines and never
   * reads would have any number of answers in memory.
   */

  private final Http1Downstream connection;
  private final Http1Worker http;
  private final RequestHandler handler;
  private final ClientDeadline deadline;
  private final RequestBody body;
  private final Waiting waiting;
  private @Nullable RequestHeadReader headReader;
  private long requestNanos;
  private boolean consuming;

  RequestReader(
      Http1Downstream connection,
      Http1Worker http,
      RequestHandler handler,
      ClientDeadline deadline) {
    this.connection = connection;
    this.http = http;
    this.handler = handler;
    this.deadline = deadline;
    this.body = new RequestBody(handler);
    this.waiting = new Waiting(http.worker().slowReaders(), connection::onMemoryWanted);
  }

  // The request.

  /** Whether one has begun that is not answered yet. */
  boolean hasBegun() {
    return headReader != null;
  }

  /** When it began. */
  long requestNanos() {
    return requestNanos;
  }

  /** Its head, as far as it came. */
  RequestHead head() {
    RequestHeadReader current = headReader;
    if (current == null) {
      throw new IllegalStateException("no request");
    }
    return current.head();
  }

  /** Its body, as far as it came. */
  RequestBody body() {
    return body;
  }

  /** It was answered, or never will be: nobody looks at its head any more. */
  void end() {
    if (headReader != null) {
      http.heads().giveBack(headReader);
      headReader = null;
    }
  }

  // Reading.

  /** Reads what waited and {@code arrived} behind it, as far as it is wanted; consumes it. */
  void read(ByteBuf arrived) {
    consumeAndKeep(waiting.takeWith(arrived, connection.ctx().alloc()));
  }

  /** Whether what is sent goes out when all that arrived was looked at. */
  boolean isConsuming() {
    return consuming;
  }

  private void consumeAndKeep(ByteBuf in) {
    boolean kept = false;
    consuming = true;
    try {
      consume(in);
      if (in.isReadable() && !connection.isClosing()) {
        waiting.keep(in);
        kept = true;
      }
    } finally {
      consuming = false;
      if (!kept) {
        in.release();
      }
    }
    regulate();
  }

  private void consume(ByteBuf in) {
    while (!connection.isClosing()) {
      boolean exchanging = connection.isExchanging();
      if (!body.isComplete()) {
        if (exchanging && !body.isWanted()) {
          return;
        }
        readBody(in);
        if (!body.isComplete()) {
          return;
        }
      } else if (exchanging || !in.isReadable() || !channel().isWritable() || !readHead(in)) {
        return;
      }
    }
  }

  private boolean readHead(ByteBuf in) {
    HttpLimits limits = handler.limits();
    RequestHeadReader current = headReader;
    boolean first = current == null;
    if (current == null) {
      requestNanos = http.worker().clock().nanos();
      current = http.heads().take(limits);
      headReader = current;
    }
    switch (current.read(in)) {
      case MORE -> {
        if (first) {
          deadline.awaitHead(requestNanos);
        }
        return false;
      }
      case REFUSED -> {
        refuse(current.refusal());
        return false;
      }
      case DONE -> {}
    }
    RequestHead head = current.head();
    Failure failure = http.guard().check(head, limits.maxBodyBytes());
    if (failure != null) {
      refuse(failure);
      return false;
    }
    begin(head, limits);
    return true;
  }

  private void begin(RequestHead head, HttpLimits limits) {
    deadline.clear();
    body.begin(head, limits);
    if (head.hasBody()) {
      deadline.beginBody(limits);
    }
    connection.onRequest(head);
  }

  /** It is answered by a failure, and where the next one would begin is not known. */
  void refuse(Failure failure) {
    body.lose();
    connection.onRefused(head(), failure);
  }

  private void readBody(ByteBuf in) {
    while (body.isWanted() || !connection.isExchanging()) {
      ByteBuf piece = body.next(in);
      Failure failure = body.failure();
      if (failure != null) {
        connection.failRequest(failure);
        return;
      }
      if (piece != null) {
        deadline.countBody(piece.readableBytes());
        connection.onRequestBody(piece);
      }
      if (body.isEnded()) {
        endBody();
        return;
      }
      if (piece == null) {
        deadline.awaitBody();
        return;
      }
    }
  }

  private void endBody() {
    Fields trailers = body.complete();
    deadline.clear();
    if (trailers != null && headReader != null) { // else the answer was sent, and nobody asks
      ConnectionFields.removeNamed(headReader.head().fields(), trailers);
    }
    connection.onRequestEnd(trailers);
  }

  /** The exchange takes more of the body from now on, or no more for now. */
  void wantBody(boolean wanted) {
    if (body.isWanted() == wanted) {
      return;
    }
    body.want(wanted);
    if (wanted) {
      resume();
    } else {
      deadline.pauseBody();
    }
  }

  /** The client has to do again what it had to before it stopped reading. */
  void awaitAgain() {
    boolean exchanging = connection.isExchanging();
    if (exchanging) {
      deadline.clear();
    } else if (headReader != null) {
      deadline.awaitHead(requestNanos);
    } else {
      deadline.awaitClient();
    }
    if (!body.isComplete() && (body.isWanted() || !exchanging)) {
      deadline.awaitBody();
    }
  }

  // What waits.

  /** Takes up what waits. */
  void resume() {
    if (consuming || connection.isClosing()) {
      return;
    }
    ByteBuf bytes = waiting.take();
    if (bytes != null) {
      consumeAndKeep(bytes);
      connection.endBatch();
      return;
    }
    if (!body.isComplete()) {
      deadline.awaitBody();
    }
    regulate();
  }

  /**
   * Stops reading while much waits, or while another request could not begin; begins again when
   * neither is so.
   */
  void regulate() {
    if (connection.isClosing()) {
      return; // whoever ends the connection, or took it over, says what is read
    }
    boolean reads = !waiting.isMuch() && (!body.isComplete() || channel().isWritable());
    ChannelConfig config = channel().config();
    if (config.isAutoRead() != reads) {
      config.setAutoRead(reads);
    }
  }

  private Channel channel() {
    return connection.ctx().channel();
  }

  /** Whether no request has begun, and nothing waits that could be one. */
  boolean isIdle() {
    return headReader == null && waiting.isEmpty();
  }

  /** Whether the client has, as far as is known, sent nothing that was not read. */
  boolean hasReadAll() {
    return body.isComplete() && waiting.isEmpty() && channel().config().isAutoRead();
  }

  /** What waited, now the caller's: it is no HTTP. */
  @Nullable ByteBuf takeWaiting() {
    return waiting.take();
  }

  /** What waits, and what still comes, is for nobody. */
  void forgetRest() {
    waiting.forget();
  }

  /** No more is read: lets go of what waits, and of a head that came in part. */
  void release() {
    waiting.release();
    if (!connection.isExchanging()) {
      end();
    }
  }
}
