package io.weir.core.exchange;

import io.netty.buffer.ByteBuf;
import io.weir.core.http.DownstreamStream;
import io.weir.core.http.Failure;
import io.weir.core.http.Fields;
import io.weir.core.http.Repeat;
import io.weir.core.http.RequestHead;
import io.weir.core.http.ResponseHead;
import io.weir.core.http.ResponseListener;
import io.weir.core.http.UpstreamStream;
import io.weir.core.proxyprotocol.ProxyHeader;
import io.weir.core.upstream.Backend;
import io.weir.core.upstream.Dial;
import io.weir.core.upstream.Pool;
import io.weir.core.upstream.UpstreamConnection;
import io.weir.core.worker.SlowReader;
import io.weir.core.worker.Worker;
import org.jspecify.annotations.Nullable;

/**
 * An exchange's way to a backend and back: one backend after another until one responds, and then
 * the bodies, each side read only while the other can write. Confined to its loop.
 */
final class Forwarding implements ResponseListener, Dial.Listener, ResponsePace.Held {
  /*
   *   BEGUN ----> CONNECTING ----> WAITING ----> RESPONDING ----> ENDED
   *     |             |  ^            |               |             ^
   *     |             |  '-- retry ---'               |             |
   *     '-------------'---------------'---------------'-------------'
   *        failed, or its client left
   *
   * A backend is held (counted as in flight) from CONNECTING until its response ended or failed. In
   * BEGUN it waits only for a rule that paces the client.
   */
  private enum State {
    BEGUN,
    CONNECTING,
    WAITING,
    RESPONDING,
    ENDED
  }

  /**
   * A piece of a body that goes out at once, while it is in the processor's cache; what waits for
   * the end of the batch would stop the reading.
   */
  private static final int LARGE_BYTES = 32 * 1024;

  private final Exchange exchange;
  private final DownstreamStream stream;
  private final Worker worker;
  private final ExchangeTally tally;
  private final Pool pool;
  private final @Nullable ResponsePace pace;
  private final Attempts attempts;

  private State state = State.BEGUN;
  private @Nullable ProxyHeader told; // to a backend, where its pool asks for it
  private @Nullable Dial dial;
  private @Nullable UpstreamStream upstream;

  /** Only where a backend can say that it did nothing with a request. */
  private @Nullable SentBody sentBody;

  private boolean requestRead;
  private boolean requestPaused;
  private @Nullable SlowReader untaken; // once the request was paused
  private boolean responsePaused;

  Forwarding(Exchange exchange, DownstreamStream stream, Pool pool, @Nullable ResponsePace pace) {
    this.exchange = exchange;
    this.stream = stream;
    this.worker = exchange.worker();
    this.tally = exchange.tally;
    this.pool = pool;
    this.pace = pace;
    this.attempts = new Attempts(exchange, pool);
    this.requestRead = !exchange.head().hasBody();
  }

  Pool pool() {
    return pool;
  }

  /** The last backend tried. */
  @Nullable Backend backend() {
    return attempts.latest();
  }

  /** Whether a backend's response has begun. */
  boolean isResponding() {
    return state == State.RESPONDING;
  }

  /** Whether what comes next is the client's to do: it sends, or it reads. */
  boolean waitsForClient() {
    boolean sends = upstream != null && !requestRead && !requestPaused;
    boolean slowed = pace != null && pace.isHolding();
    return sends || responsePaused || slowed;
  }

  // To a backend.

  /** Begins, once no rule holds it back. */
  void begin() {
    if (pace == null || !pace.holdsBack(this)) {
      ask();
    }
  }

  private void ask() {
    RequestHead head = exchange.head();
    boolean repeats = head.hasBody() && pool.settings().protocol().isShared();
    sentBody = repeats ? new SentBody(worker.copies()) : null;
    exchange.prepareRequest();
    tally.upstreamBegan = worker.clock().nanos();
    attempt(Failure.NO_BACKEND);
  }

  /** Gives the request to the next backend; if there is none it fails with {@code otherwise}. */
  private void attempt(Failure otherwise) {
    if (!attempts.next()) {
      exchange.fail(otherwise);
      return;
    }
    told =
        pool.settings().proxyProtocol() == null
            ? null
            : exchange.connection().proxyHeader(exchange.client());
    UpstreamStream spare =
        attempts.mustDial()
            ? null
            : attempts
                .last()
                .on(worker)
                .begin(this, pool.settings(), told, exchange.route().responseNanos());
    if (spare != null) {
      send(spare);
    } else {
      dial();
    }
  }

  private void dial() {
    state = State.CONNECTING;
    int attempt = tally.attempts;
    Dial started = attempts.last().on(worker).dial(pool.settings(), told, this);
    if (state == State.CONNECTING && tally.attempts == attempt && upstream == null) {
      dial = started;
    }
  }

  @Override
  public void onConnected(UpstreamConnection connected, long nanos) {
    dial = null;
    if (nanos >= 0) {
      tally.connectNanos = nanos;
      pool.meter().connected(worker.counters(), nanos);
    }
    send(connected.begin(this, pool.settings(), exchange.route().responseNanos()));
    flush();
  }

  @Override
  public void onDialFull() {
    dial = null;
    dial();
  }

  @Override
  public void onDialFailed(Failure failure) {
    dial = null;
    letGo(failure);
    if (attempts.mayContinue()) {
      attempt(failure);
      flush();
    } else {
      exchange.fail(failure);
    }
  }

  private void send(UpstreamStream to) {
    state = State.WAITING;
    upstream = to;
    tally.sent = worker.clock().nanos();
    RequestHead head = exchange.head();
    to.sendHead(head, exchange.target(), exchange.connection().forwardedFor(exchange.client()));
    if (!to.equals(upstream)) {
      return; // it failed at once; the head may be another request's by now
    }
    if (!head.hasBody()) {
      to.sendEnd(null);
      return;
    }
    boolean sent = sentBody != null && sentBody.sendTo(to);
    if (!to.equals(upstream)) {
      return; // its trailers are more than this backend takes
    }
    if (sent && !to.isWritable()) {
      waitsForBackend();
    } else {
      stream.readBody(true);
    }
  }

  /** Lets what was sent to the backend go out. */
  void flush() {
    if (upstream != null) {
      upstream.flush();
    }
  }

  /** The backend is no longer held; says why if that was before its response ended. */
  void letGo(@Nullable Failure failure) {
    if (dial != null) {
      dial.cancel(this);
      dial = null;
    }
    if (upstream != null) {
      upstream.cancel();
      upstream = null;
    }
    attempts.letGo(failure);
  }

  // Once more.

  @Override
  public void onResponseFailure(Failure failure, Repeat repeat) {
    upstream = null;
    boolean again = state == State.WAITING && attempts.mayRepeat(repeat, sentBody);
    letGo(again && repeat != Repeat.IF_IDEMPOTENT ? null : failure);
    if (!again) {
      exchange.fail(failure);
      return;
    }
    // Either says nothing about the backend: it closed an idle connection just as it was taken, or
    // it lets a connection go. So the request goes out once more, on one that is certainly new.
    isTaken();
    stream.readBody(false);
    attempts.repeat(repeat);
    dial();
    flush();
  }

  private void dropSentBody() {
    if (sentBody != null) {
      sentBody.release();
      sentBody = null;
    }
  }

  // The rest of the request.

  /** A piece of the body; consumes {@code data}. */
  void sendBody(ByteBuf data) {
    if (sentBody != null) {
      sentBody.add(data);
    }
    UpstreamStream to = upstream;
    if (to == null) {
      data.release();
      return;
    }
    to.sendBody(data);
    if (!to.isWritable() && !requestPaused && to.equals(upstream)) { // else it failed at once
      stream.readBody(false);
      waitsForBackend();
    }
  }

  private void waitsForBackend() {
    requestPaused = true;
    if (untaken == null) {
      untaken = new Untaken();
    }
    worker.slowReaders().add(untaken);
  }

  /** Nothing of the request waits for the backend any more. */
  private void isTaken() {
    requestPaused = false;
    if (untaken != null) {
      worker.slowReaders().remove(untaken);
    }
  }

  /** What waits of the request for a backend that takes nothing of it. */
  private final class Untaken extends SlowReader {
    @Override
    protected void cut() {
      if (requestPaused && !isListed()) { // else it went on, and has its turn again
        exchange.fail(Failure.OVERLOAD);
      }
    }
  }

  void sendEnd(@Nullable Fields trailers) {
    requestRead = true;
    if (sentBody != null) {
      sentBody.end(trailers);
    }
    if (upstream != null) {
      upstream.sendEnd(trailers);
    }
  }

  @Override
  public void onUpstreamWritability(boolean writable) {
    if (writable && requestPaused) {
      isTaken();
      stream.readBody(true);
    }
  }

  // The response.

  @Override
  public void onInterim(ResponseHead interim) {
    stream.sendInterim(interim);
    stream.flush();
  }

  @Override
  public void onResponseHead(ResponseHead response) {
    if (!response.isSwitching() && exchange.wouldSwitch(response.status())) {
      exchange.fail(Failure.UPSTREAM_PROTOCOL);
      return;
    }
    state = State.RESPONDING;
    tally.status = response.status();
    dropSentBody();
    pool.meter().firstByte(worker.counters(), worker.clock().nanos() - tally.sent);
    exchange.prepareResponse(response);
    if (response.isSwitching()) {
      upgrade(response);
    } else {
      stream.sendHead(response);
    }
  }

  /** Its backend stays held. */
  private void upgrade(ResponseHead response) {
    UpstreamStream from = upstream;
    if (from == null) {
      throw new IllegalStateException("an answer of nobody");
    }
    upstream = null;
    isTaken();
    attempts.answered();
    exchange.upgrade(response, from);
  }

  @Override
  public void onResponseBody(ByteBuf data) {
    int bytes = data.readableBytes();
    tally.bytesOut += bytes;
    stream.sendBody(data);
    if (bytes >= LARGE_BYTES) {
      stream.flush();
    }
    boolean holds = pace != null && pace.holdsAfter(bytes, this);
    boolean full = !stream.isWritable();
    if (full) {
      stream.holdsBack();
    }
    if ((holds || full) && !responsePaused && upstream != null) {
      responsePaused = true;
      upstream.readResponse(false);
    }
  }

  @Override
  public void onResponseBatchEnd() {
    stream.flush();
    if (pace != null) {
      pace.tell();
    }
  }

  /** Goes on, once the client reads and no rule holds it back. */
  @Override
  public void resume() {
    if (pace != null && pace.isHolding()) {
      return;
    }
    if (state == State.BEGUN) {
      ask();
      flush();
    } else if (responsePaused && stream.isWritable() && upstream != null) {
      responsePaused = false;
      upstream.readResponse(true);
    }
  }

  @Override
  public void onResponseEnd(@Nullable Fields trailers) {
    upstream = null;
    attempts.answered();
    letGo(null);
    exchange.prepareTrailers(trailers);
    stream.sendEnd(trailers);
    stream.flush();
    exchange.finish();
  }

  /** The exchange is over. */
  void end() {
    state = State.ENDED;
    isTaken();
    dropSentBody();
  }
}
