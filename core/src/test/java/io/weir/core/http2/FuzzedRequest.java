package io.weir.core.http2;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.util.AsciiString;
import io.weir.core.http.BodyLength;
import io.weir.core.http.Failure;
import io.weir.core.http.Fields;
import io.weir.core.http.ForwardedFor;
import io.weir.core.http.HttpVersion;
import io.weir.core.http.Repeat;
import io.weir.core.http.RequestHead;
import io.weir.core.http.ResponseHead;
import io.weir.core.http.ResponseListener;
import io.weir.core.http.TunnelEnd;
import io.weir.core.http.TunnelListener;
import io.weir.core.http.UpstreamStream;
import io.weir.core.upstream.UpstreamConnection;
import io.weir.core.upstream.WorkerBackend;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One request to a fuzzed backend: reacts in one of a few ways, keeps the rules of an exchange, and
 * holds the stream to its own: one end, nothing behind it, no body that nobody wants.
 */
final class FuzzedRequest implements ResponseListener, TunnelListener {
  private static final ForwardedFor FORWARDED = new ForwardedFor("192.0.2.7", false, false);
  private static final AsciiString KEY = AsciiString.cached("sec-websocket-key");
  private static final AsciiString SOME_KEY = AsciiString.cached("dGhlIHNhbXBsZSBub25jZQ==");

  /** What is asked for. */
  enum Kind {
    GET,
    HEAD,
    POST,
    SIZED_POST,
    WEBSOCKET,
    WEBSOCKET_OF_HTTP1
  }

  /** What happens to it while it is told something. */
  enum Manner {
    READS,
    STOPS_AT_HEAD,
    STOPS_AT_BODY,
    LEAVES_AT_INTERIM,
    LEAVES_AT_HEAD,
    LEAVES_AT_BODY,
    ECHOES,
    ASKS_AGAIN
  }

  private enum State {
    WAITING,
    RESPONDING,
    TUNNEL,
    ENDED
  }

  private final Asked asked;
  private final Kind kind;
  private final Manner manner;
  private State state = State.WAITING;
  private @Nullable UpstreamStream stream;
  private @Nullable TunnelEnd tunnel;
  private boolean sent;
  private boolean wanted = true;
  private boolean tunnelEnded;
  private long announced = BodyLength.NONE;
  private long received;

  /** All requests on one connection, the only one to its backend. */
  static final class Asked {
    private final WorkerBackend home;
    private final UpstreamConnection connection;
    private final List<FuzzedRequest> requests = new ArrayList<>();
    private @Nullable AssertionError fault;

    Asked(WorkerBackend home, UpstreamConnection connection) {
      this.home = home;
      this.connection = connection;
    }

    WorkerBackend home() {
      return home;
    }

    /** Those that began. */
    List<FuzzedRequest> requests() {
      return requests;
    }

    /** Throws the first fault once more: where it was thrown first it was taken for a bug. */
    void check() {
      if (fault != null) {
        throw fault;
      }
    }

    private void fail(String what) {
      AssertionError failed = new AssertionError(what);
      if (fault == null) {
        fault = failed;
      }
      throw failed;
    }
  }

  /** One that did not begin. */
  FuzzedRequest(Asked asked, Kind kind, Manner manner) {
    this.asked = asked;
    this.kind = kind;
    this.manner = manner;
  }

  /** Asks, if a connection has room. */
  void begin() {
    boolean room = asked.connection.hasRoom();
    stream = asked.home.begin(this, FuzzedUpstream.SETTINGS, null, 0);
    holds(room == (stream != null), "a place in the list while there is room");
    if (stream == null) {
      state = State.ENDED;
      return;
    }
    asked.requests.add(this);
    RequestHead head = head();
    stream.sendHead(head, "/", FORWARDED);
    if (state == State.WAITING && !head.hasBody()) {
      sent = true;
      stream.sendEnd(null);
    }
    if (state == State.WAITING) {
      stream.flush();
    }
  }

  private RequestHead head() {
    RequestHead head = new RequestHead();
    String method =
        switch (kind) {
          case HEAD -> "HEAD";
          case POST, SIZED_POST -> "POST";
          default -> "GET";
        };
    HttpVersion version = kind == Kind.WEBSOCKET ? HttpVersion.HTTP_2 : HttpVersion.HTTP_1_1;
    head.requestLine(method, "/", version);
    head.asksForWebSocket(isWebSocket());
    if (kind == Kind.WEBSOCKET_OF_HTTP1) {
      head.fields().addLine(KEY, SOME_KEY);
    }
    long length =
        switch (kind) {
          case POST -> BodyLength.CHUNKED;
          case SIZED_POST -> 10;
          default -> BodyLength.NONE;
        };
    head.framing(length, true, false);
    return head;
  }

  private boolean isWebSocket() {
    return kind == Kind.WEBSOCKET || kind == Kind.WEBSOCKET_OF_HTTP1;
  }

  boolean isOpen() {
    return state != State.ENDED;
  }

  // What its client does.

  void sends(int bytes, ByteBuf into) {
    if (state == State.TUNNEL && tunnel != null && !tunnelEnded) {
      tunnel.send(into.writeZero(bytes));
      tunnel.flush();
    } else if (isOpen() && stream != null && state != State.TUNNEL && !sent) {
      stream.sendBody(into.writeZero(bytes));
      if (isOpen()) {
        stream.flush();
      }
    } else {
      into.release();
    }
  }

  void sendsEnd(boolean withTrailers) {
    if (state == State.TUNNEL && tunnel != null && !tunnelEnded) {
      tunnelEnded = true;
      tunnel.sendEnd();
    } else if (isOpen() && stream != null && state != State.TUNNEL && !sent) {
      sent = true;
      Fields trailers = new Fields();
      trailers.addLine(AsciiString.cached("checksum"), AsciiString.cached("1"));
      stream.sendEnd(withTrailers ? trailers : null);
      if (isOpen() && state != State.TUNNEL) {
        stream.flush();
      }
    }
  }

  void reads(boolean more) {
    if (!isOpen()) {
      return;
    }
    wanted = more;
    if (state == State.TUNNEL && tunnel != null) {
      tunnel.read(more);
    } else if (stream != null) {
      stream.readResponse(more);
    }
  }

  void leaves() {
    if (!isOpen()) {
      return;
    }
    boolean inTunnel = state == State.TUNNEL;
    state = State.ENDED;
    if (inTunnel && tunnel != null) {
      tunnel.close(false);
    } else if (stream != null) {
      stream.cancel();
    }
  }

  // What it is told.

  private void expects(State... among) {
    holds(List.of(among).contains(state), "this state");
  }

  private void holds(boolean condition, String what) {
    if (!condition) {
      asked.fail(what + ": " + this);
    }
  }

  @Override
  public void onInterim(ResponseHead head) {
    expects(State.WAITING);
    holds(head.isInterim(), "an interim response");
    if (manner == Manner.LEAVES_AT_INTERIM) {
      leaves();
    }
  }

  @Override
  public void onResponseHead(ResponseHead head) {
    expects(State.WAITING);
    holds(!head.isInterim(), "a final response");
    if (manner == Manner.LEAVES_AT_HEAD) {
      leaves();
      return;
    }
    announced = head.bodyLength();
    if (head.isSwitching()) {
      holds(isWebSocket(), "a WebSocket");
      state = State.TUNNEL;
      wanted = true;
      TunnelEnd end = stream.upgrade();
      tunnel = end;
      end.begin(this);
      return;
    }
    state = State.RESPONDING;
    if (manner == Manner.STOPS_AT_HEAD) {
      reads(false);
    }
  }

  @Override
  public void onResponseBody(ByteBuf data) {
    expects(State.RESPONDING);
    received += data.readableBytes();
    boolean fits = announced == BodyLength.CHUNKED || received <= Math.max(announced, 0);
    holds(fits, "no more body than was announced");
    came(data);
  }

  @Override
  public void onBytes(ByteBuf data) {
    expects(State.TUNNEL);
    came(data);
  }

  private void came(ByteBuf data) {
    holds(wanted, "body that somebody wants");
    holds(data.isReadable(), "some body");
    if (manner == Manner.ECHOES) {
      sends(data.readableBytes(), Unpooled.buffer());
    }
    data.release();
    if (manner == Manner.LEAVES_AT_BODY) {
      leaves();
    } else if (manner == Manner.STOPS_AT_BODY) {
      reads(false);
    }
  }

  @Override
  public void onResponseEnd(@Nullable Fields trailers) {
    expects(State.RESPONDING);
    holds(announced < 0 || received == announced, "as much body as was announced");
    end();
  }

  @Override
  public void onEnd() {
    expects(State.TUNNEL);
    if (manner == Manner.ECHOES) {
      sendsEnd(false);
    }
  }

  @Override
  public void onResponseFailure(Failure failure, Repeat repeat) {
    expects(State.WAITING, State.RESPONDING);
    holds(failure != Failure.INTERNAL, "no bug");
    holds(state == State.WAITING || repeat == Repeat.NEVER, "no repetition of half an answer");
    end();
  }

  @Override
  public void onOverload() {
    throw new AssertionError("nobody is short of memory here");
  }

  @Override
  public void onClosed() {
    expects(State.TUNNEL);
    end();
  }

  private void end() {
    state = State.ENDED;
    if (manner == Manner.ASKS_AGAIN) {
      new FuzzedRequest(asked, Kind.GET, Manner.READS).begin();
    }
  }

  @Override
  public void onResponseBatchEnd() {
    expects(State.WAITING, State.RESPONDING);
  }

  @Override
  public void onBatchEnd() {
    expects(State.TUNNEL);
  }

  @Override
  public void onUpstreamWritability(boolean writable) {
    expects(State.WAITING, State.RESPONDING);
  }

  @Override
  public void onWritability(boolean writable) {
    expects(State.TUNNEL);
  }

  @Override
  public String toString() {
    return kind + ", " + manner + ", " + state + ", " + received + " bytes of " + announced;
  }
}
