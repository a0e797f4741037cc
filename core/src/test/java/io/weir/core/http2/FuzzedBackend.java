package io.weir.core.http2;

import io.netty.buffer.ByteBuf;
import io.weir.core.http.BodyLength;
import io.weir.core.http.DownstreamStream;
import io.weir.core.http.Failure;
import io.weir.core.http.Fields;
import io.weir.core.http.HttpLimits;
import io.weir.core.http.LocalResponse;
import io.weir.core.http.RequestHandler;
import io.weir.core.http.RequestHead;
import io.weir.core.http.RequestListener;
import io.weir.core.http.ResponseHead;
import org.jspecify.annotations.Nullable;

/** What answers the requests of a fuzzed connection, in one of a few ways, and keeps the rules. */
final class FuzzedBackend implements RequestHandler {
  private static final int MAX_BYTES = 2048;
  private static final int MAX_FIELDS = 16;
  private static final int MAX_BODY = 4096;
  private static final long SECOND = 1_000_000_000L;
  private static final HttpLimits LIMITS =
      new HttpLimits(
          MAX_BYTES, MAX_FIELDS, MAX_BODY, 0, 100, SECOND, SECOND, SECOND, SECOND, SECOND);

  /** How requests are answered. */
  enum Manner {
    AT_ONCE,
    ECHO,
    NEVER,
    CUT
  }

  private final Manner manner;
  private int open;

  FuzzedBackend(Manner manner) {
    this.manner = manner;
  }

  /** Requests that have neither been answered nor failed. */
  int open() {
    return open;
  }

  @Override
  public HttpLimits limits() {
    return LIMITS;
  }

  @Override
  public boolean isDraining() {
    return false;
  }

  @Override
  public RequestListener onHead(DownstreamStream stream, RequestHead head) {
    Answering answering = new Answering(stream);
    open++;
    if (head.isWebSocket() || manner == Manner.AT_ONCE) {
      answering.answer(200);
    } else if (manner == Manner.CUT) {
      answering.cut();
    } else {
      stream.readBody(true);
      answering.begin(head.hasBody());
    }
    return answering;
  }

  @Override
  public void onTraffic(long in, long out) {}

  @Override
  public void onConnectionRefused(Failure failure) {}

  @Override
  public void onStreamRefused(Failure failure) {}

  @Override
  public void onRefused(DownstreamStream stream, RequestHead head, Failure failure) {
    open++;
    new Answering(stream).answer(400);
  }

  /** One request: ends once, and hears nothing after that. */
  private final class Answering implements RequestListener {
    private final DownstreamStream stream;
    private boolean begun;
    private boolean ended;

    Answering(DownstreamStream stream) {
      this.stream = stream;
    }

    void answer(int status) {
      stream.sendLocal(LocalResponse.plain(status));
      stream.flush();
      end();
    }

    void cut() {
      stream.abort();
      end();
    }

    void begin(boolean hasBody) {
      if (manner == Manner.NEVER) {
        return;
      }
      begun = true;
      ResponseHead head = new ResponseHead();
      head.statusLine(200, 1, 0, 0);
      head.framing(BodyLength.CHUNKED, true);
      stream.sendHead(head);
      if (!hasBody) {
        complete(null);
      }
    }

    private void complete(@Nullable Fields trailers) {
      stream.sendEnd(trailers);
      stream.flush();
      end();
    }

    private void end() {
      if (ended) {
        throw new AssertionError("ended twice");
      }
      ended = true;
      open--;
      stream.exchangeEnded();
    }

    private void expectsOpen(String what) {
      if (ended) {
        throw new AssertionError(what + " behind the end");
      }
    }

    @Override
    public void onRequestBody(ByteBuf data) {
      if (begun && !ended) {
        stream.sendBody(data);
      } else {
        data.release();
      }
    }

    @Override
    public void onRequestEnd(@Nullable Fields trailers) {
      if (begun && !ended) {
        complete(trailers);
      }
    }

    @Override
    public void onRequestBatchEnd() {
      if (!ended) {
        stream.flush();
      }
    }

    @Override
    public void onRequestFailure(Failure failure) {
      expectsOpen("a failure");
      if (begun || failure == Failure.CLIENT_CLOSED) {
        cut();
      } else {
        answer(400);
      }
    }

    @Override
    public void onDownstreamWritability(boolean writable) {
      expectsOpen("writability");
    }
  }
}
