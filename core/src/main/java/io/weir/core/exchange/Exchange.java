package io.weir.core.exchange;

import io.netty.buffer.ByteBuf;
import io.weir.core.edit.HeaderEdits;
import io.weir.core.edit.TargetEdit;
import io.weir.core.http.DownstreamStream;
import io.weir.core.http.Failure;
import io.weir.core.http.Fields;
import io.weir.core.http.HttpVersion;
import io.weir.core.http.LocalResponse;
import io.weir.core.http.Method;
import io.weir.core.http.Repeat;
import io.weir.core.http.RequestHead;
import io.weir.core.http.RequestListener;
import io.weir.core.http.ResponseHead;
import io.weir.core.http.ResponseListener;
import io.weir.core.http.UpstreamStream;
import io.weir.core.proxyprotocol.ProxyHeader;
import io.weir.core.snapshot.Listener;
import io.weir.core.snapshot.Route;
import io.weir.core.snapshot.RouteAction;
import io.weir.core.snapshot.Snapshot;
import io.weir.core.upstream.Backend;
import io.weir.core.upstream.Dial;
import io.weir.core.upstream.Picks;
import io.weir.core.upstream.Pool;
import io.weir.core.upstream.UpstreamConnection;
import io.weir.core.worker.Worker;
import io.weir.firewall.FollowUp;
import io.weir.firewall.Permit;
import io.weir.firewall.Quotas;
import io.weir.firewall.Refusal;
import io.weir.firewall.address.ClientAddress;
import io.weir.firewall.path.RequestTarget;
import org.jspecify.annotations.Nullable;

/** One request and its response, from the head to the log line. Confined to its worker's loop. */
final class Exchange implements RequestListener, ResponseListener, Dial.Listener {
  /*
   *   BEGUN ----> CONNECTING ----> WAITING ----> RESPONDING ----> ENDED
   *     |             |  ^            |               |             ^
   *     |             |  '-- retry ---'               |             |
   *     '-------------'---------------'---------------'-------------'
   *        answered by us, or failed
   *
   * A backend is held (counted as in flight) from CONNECTING until its response ended or failed.
   */
  private enum State {
    BEGUN,
    CONNECTING,
    WAITING,
    RESPONDING,
    ENDED
  }

  /** A backend that takes nothing although it says when it does not is asked no more than this. */
  private static final int MOST_ATTEMPTS = 4;

  /**
   * A piece of a body that goes out at once, while it is in the processor's cache; what waits for
   * the end of the batch would stop the reading.
   */
  private static final int LARGE_BYTES = 32 * 1024;

  final Tally tally;

  private final RequestPath path;
  private final Worker worker;
  private final ClientConnection connection;
  private final Snapshot snapshot;
  private final Listener listener;
  private final DownstreamStream stream;
  private final RequestHead head;
  private final RequestIds ids;
  private final Picks picks = new Picks();

  private State state = State.BEGUN;
  private Route route;
  private String toSend = "";
  private ClientAddress client;
  private @Nullable Pool pool;
  private @Nullable Backend held;
  private @Nullable ProxyHeader told; // to a backend, where its pool asks for it
  private @Nullable Dial dial;
  private @Nullable UpstreamStream upstream;
  private @Nullable FollowUp followUp;
  private @Nullable ResponsePace pace;
  private @Nullable Quotas quotas; // that the client is told of
  private Tarpit.@Nullable Held tarpitted;
  private @Nullable RequestDeadline deadline;

  /** Only where a backend can say that it did nothing with a request. */
  private @Nullable SentBody sentBody;

  private boolean freshOnly;
  private boolean requestRead;
  private boolean requestPaused;
  private boolean responsePaused;

  Exchange(
      RequestPath path,
      ClientConnection connection,
      Snapshot snapshot,
      DownstreamStream stream,
      RequestHead head) {
    this.path = path;
    this.worker = path.worker();
    this.connection = connection;
    this.snapshot = snapshot;
    this.listener = connection.listener(snapshot);
    this.stream = stream;
    this.head = head;
    this.ids = new RequestIds(worker.random());
    this.route = listener.http().unread();
    this.client = connection.peer();
    this.tally = new Tally(stream.requestNanos());
    listener.meter().requestBegan(worker.counters(), head.version());
  }

  RequestHead head() {
    return head;
  }

  Worker worker() {
    return worker;
  }

  /** The target that is sent on, with its query. */
  String target() {
    return toSend;
  }

  Route route() {
    return route;
  }

  Listener listener() {
    return listener;
  }

  ClientConnection connection() {
    return connection;
  }

  ClientAddress client() {
    return client;
  }

  @Nullable Pool pool() {
    return pool;
  }

  /** The last backend tried. */
  @Nullable Backend backend() {
    return picks.count() == 0 ? null : picks.last();
  }

  RequestIds ids() {
    return ids;
  }

  Snapshot snapshot() {
    return snapshot;
  }

  int attempts() {
    return tally.attempts;
  }

  /** The request was read: what it asks for, and who asks. */
  void read(RequestTarget target, ClientAddress from) {
    toSend = Targets.toSend(head, target);
    client = from;
    requestRead = !head.hasBody();
    deadline = RequestDeadline.begin(this, worker, listener.http().limits().requestNanos());
    ids.read(head.fields(), snapshot.tracing(), connection.isTrusted());
  }

  /** What the rules want to know of the request from now on. */
  void followedUpBy(@Nullable FollowUp rules) {
    followUp = rules;
    pace = ResponsePace.of(this, rules, worker);
  }

  /** What its answer says of the client's limits. */
  void limitedBy(@Nullable Quotas told) {
    quotas = told;
  }

  /** It takes that route. */
  void routed(Route to) {
    route = to;
  }

  /** It took longer than any request may: the fault of who was waited for. */
  void expire() {
    boolean sends = upstream != null && !requestRead && !requestPaused;
    boolean held = pace != null && pace.isHolding();
    fail(sends || responsePaused || held ? Failure.REQUEST_TIMEOUT : Failure.UPSTREAM_TIMEOUT);
  }

  // What happens to the request.

  /** The rules refused it. */
  void refuse(Refusal refusal, int retryAfterSeconds) {
    tally.refusal = refusal;
    if (refusal.delayNanos() > 0) {
      tarpitted = path.tarpit().hold(this, refusal.delayNanos());
      if (tarpitted != null) {
        RequestDeadline.end(deadline, worker); // it waits for nobody; the rule says how long
        return;
      }
    }
    if (refusal.status() == 0) {
      stream.abort();
      finish();
      return;
    }
    answer(OwnAnswers.refusal(this, refusal, retryAfterSeconds));
  }

  /** It was held long enough. */
  void endHeld() {
    stream.abort();
    finish();
  }

  /** The rules permitted it. */
  void take(RequestTarget target, Permit permit) {
    TargetEdit edit = route.edits().target();
    String edited = edit == null ? toSend : edit.apply(target, snapshot.pathMode());
    if (edited == null) {
      fail(Failure.BAD_REQUEST);
      return;
    }
    toSend = edited;
    if (connection.isMisdirected(listener, head.host())) {
      fail(Failure.MISDIRECTED);
      return;
    }
    if (MaxForwards.isSpent(head)) {
      answer(OwnAnswers.FINAL_RECIPIENT);
      return;
    }
    switch (route.action()) {
      case RouteAction.Forward forward -> forward(forward.pool(), permit);
      case RouteAction.Answer answer -> answer(edited(answer.response(), answer.own()));
      case RouteAction.NotFound notFound -> answer(OwnAnswers.notFound(this));
      case RouteAction.ToHttps toHttps -> answer(OwnAnswers.toHttps(head, toSend));
    }
  }

  private LocalResponse edited(LocalResponse response, HeaderEdits edits) {
    return edits == HeaderEdits.NONE ? response : edits.apply(response, path.values().of(this));
  }

  /** To a CONNECT of HTTP/2 any 2xx says that the stream has left HTTP (RFC 8441 section 5). */
  private boolean wouldSwitch(int status) {
    boolean success = status >= 200 && status < 300;
    return success && head.isWebSocket() && head.version() == HttpVersion.HTTP_2;
  }

  private void answer(LocalResponse encoded) {
    LocalResponse given =
        wouldSwitch(encoded.status()) ? OwnAnswers.failure(this, Failure.NOT_IMPLEMENTED) : encoded;
    LocalResponse response = edited(QuotaFields.add(given, quotas), route.edits().response());
    tally.status = response.status();
    tally.bytesOut = head.method().equals(Method.HEAD) ? 0 : response.bodyLength();
    stream.sendLocal(response);
    stream.flush();
    finish();
  }

  /** It cannot be served. Answered if nothing was; cut if the response had begun. */
  void fail(Failure failure) {
    letGo(failure);
    tally.failure = failure;
    if (failure.side() == Failure.Side.CLIENT) {
      stream.endAfterThis();
    }
    boolean begun = state == State.RESPONDING && !stream.takeBack();
    if (begun || failure.isUntold()) {
      stream.abort();
      finish();
      return;
    }
    answer(OwnAnswers.failure(this, failure));
  }

  // Forwarding.

  /** A permit is what only the firewall makes: without one nothing is forwarded. */
  private void forward(Pool to, @SuppressWarnings("unused") Permit permit) {
    pool = to;
    if (pace == null || !pace.holdsAfter(0)) {
      begin(to);
    }
  }

  private void begin(Pool to) {
    sentBody = head.hasBody() && to.settings().protocol().isShared() ? new SentBody() : null;
    ids.write(head.fields(), snapshot.tracing(), worker.random());
    HeaderEdits edits = route.edits().request();
    if (edits != HeaderEdits.NONE) {
      edits.apply(head.fields(), path.values().of(this));
      head.settle(edits.settled());
    }
    tally.upstreamBegan = worker.clock().nanos();
    attempt(to, Failure.NO_BACKEND);
  }

  /** Gives the request to the next backend; if there is none it fails with {@code otherwise}. */
  private void attempt(Pool to, Failure otherwise) {
    if (!to.on(worker).pick(to, picks)) {
      fail(otherwise);
      return;
    }
    hold(picks.last());
    told = to.settings().proxyProtocol() == null ? null : connection.proxyHeader(client);
    UpstreamStream spare =
        freshOnly ? null : picks.last().on(worker).begin(this, told, route.responseNanos());
    if (spare != null) {
      send(spare);
    } else {
      dial(to);
    }
  }

  private void hold(Backend backend) {
    held = backend;
    tally.attempts++;
    backend.addInFlight(1);
    backend.meter().requestBegan(worker.counters());
  }

  private void dial(Pool to) {
    state = State.CONNECTING;
    int attempt = attempts();
    Dial started = picks.last().on(worker).dial(to.settings(), told, this);
    if (state == State.CONNECTING && attempts() == attempt && upstream == null) {
      dial = started;
    }
  }

  @Override
  public void onConnected(UpstreamConnection connected, long nanos) {
    dial = null;
    if (nanos >= 0 && pool != null) {
      tally.connectNanos = nanos;
      pool.meter().connected(worker.counters(), nanos);
    }
    send(connected.begin(this, route.responseNanos()));
    flushUpstream();
  }

  @Override
  public void onDialFull() {
    dial = null;
    if (pool != null) {
      dial(pool);
    }
  }

  @Override
  public void onDialFailed(Failure failure) {
    dial = null;
    tally.retried = true;
    letGo(failure);
    if (pool != null && picks.mayContinue()) {
      attempt(pool, failure);
      flushUpstream();
    } else {
      fail(failure);
    }
  }

  private void send(UpstreamStream to) {
    state = State.WAITING;
    upstream = to;
    tally.sent = worker.clock().nanos();
    to.sendHead(head, toSend, connection.forwardedFor(client));
    if (!head.hasBody()) {
      to.sendEnd(null);
      return;
    }
    if (sentBody != null) {
      sentBody.sendTo(to);
    }
    stream.readBody(true);
  }

  private void flushUpstream() {
    if (upstream != null) {
      upstream.flush();
    }
  }

  /** The backend is no longer held; says why if that was before its response ended. */
  private void letGo(@Nullable Failure failure) {
    if (dial != null) {
      dial.cancel(this);
      dial = null;
    }
    if (upstream != null) {
      upstream.cancel();
      upstream = null;
    }
    Backend backend = held;
    if (backend == null) {
      return;
    }
    held = null;
    backend.addInFlight(-1);
    backend.meter().requestEnded(worker.counters());
    if (failure != null && failure.side() == Failure.Side.BACKEND) {
      backend.meter().failed(worker.counters(), failure);
    }
  }

  // The rest of the request.

  @Override
  public void onRequestBody(ByteBuf data) {
    tally.bytesIn += data.readableBytes();
    if (sentBody != null) {
      sentBody.add(data);
    }
    UpstreamStream to = upstream;
    if (to == null) {
      data.release();
      return;
    }
    to.sendBody(data);
    if (!to.isWritable() && !requestPaused) {
      requestPaused = true;
      stream.readBody(false);
    }
  }

  @Override
  public void onRequestEnd(@Nullable Fields trailers) {
    requestRead = true;
    if (sentBody != null) {
      sentBody.end(trailers);
    }
    if (upstream != null) {
      upstream.sendEnd(trailers);
    }
  }

  @Override
  public void onRequestBatchEnd() {
    flushUpstream();
  }

  @Override
  public void onUpstreamWritability(boolean writable) {
    if (writable && requestPaused) {
      requestPaused = false;
      stream.readBody(true);
    }
  }

  @Override
  public void onRequestFailure(Failure failure) {
    fail(failure);
  }

  // The response.

  @Override
  public void onInterim(ResponseHead interim) {
    stream.sendInterim(interim);
    stream.flush();
  }

  @Override
  public void onResponseHead(ResponseHead response) {
    if (!response.isSwitching() && wouldSwitch(response.status())) {
      fail(Failure.UPSTREAM_PROTOCOL);
      return;
    }
    state = State.RESPONDING;
    tally.status = response.status();
    dropSentBody();
    if (response.isSwitching()) {
      upgrade(response);
      return;
    }
    if (pool != null) {
      pool.meter().firstByte(worker.counters(), worker.clock().nanos() - tally.sent);
    }
    FollowUp rules = followUp;
    if (rules != null) {
      rules.onResponse(response.status(), worker.clock().nanos());
    }
    QuotaFields.add(response.fields(), quotas);
    HeaderEdits edits = route.edits().response();
    if (edits != HeaderEdits.NONE) {
      edits.apply(response.fields(), path.values().of(this));
    }
    stream.sendHead(response);
  }

  /** The exchange leaves HTTP. As a request it ends here; its backend stays held. */
  private void upgrade(ResponseHead response) {
    UpstreamStream from = upstream;
    if (from == null) {
      throw new IllegalStateException("an answer of nobody");
    }
    upstream = null;
    RequestDeadline.end(deadline, worker);
    listener.meter().upgraded(worker.counters(), 1);
    countAnswer();
    tally.end(worker.clock().nanos());
    Ending.count(this, worker);
    long idleNanos = listener.http().limits().tunnelIdleNanos();
    new Tunnel(this, worker, stream.upgrade(response), from.upgrade(), idleNanos).begin();
  }

  /** Both directions of what it became have ended. */
  void tunnelEnded(long in, long out) {
    letGo(null);
    listener.meter().upgraded(worker.counters(), -1);
    if (head.version() != HttpVersion.HTTP_2) { // whose connection goes on, and counts itself
      connection.onTraffic(in, out);
    }
    tally.bytesIn = in;
    tally.bytesOut = out;
    tally.end(worker.clock().nanos());
    end();
  }

  private void countAnswer() {
    tally.upstreamEnded = worker.clock().nanos();
    Backend backend = held;
    if (backend != null) {
      backend.meter().answered(worker.counters(), tally.status, tally.upstreamNanos());
      backend.meter().bytes(worker.counters(), tally.bytesOut, tally.bytesIn);
    }
  }

  @Override
  public void onResponseBody(ByteBuf data) {
    int bytes = data.readableBytes();
    tally.bytesOut += bytes;
    stream.sendBody(data);
    if (bytes >= LARGE_BYTES) {
      stream.flush();
    }
    boolean holds = pace != null && pace.holdsAfter(bytes);
    if ((holds || !stream.isWritable()) && !responsePaused && upstream != null) {
      responsePaused = true;
      upstream.readResponse(false);
    }
  }

  @Override
  public void onResponseBatchEnd() {
    stream.flush();
  }

  @Override
  public void onDownstreamWritability(boolean writable) {
    if (writable) {
      resume();
    }
  }

  /** Goes on, once the client reads and no rule holds it back. */
  void resume() {
    if (pace != null && pace.isHolding()) {
      return;
    }
    if (state == State.BEGUN && pool != null) {
      begin(pool);
      flushUpstream();
    } else if (responsePaused && stream.isWritable() && upstream != null) {
      responsePaused = false;
      upstream.readResponse(true);
    }
  }

  @Override
  public void onResponseEnd(@Nullable Fields trailers) {
    upstream = null;
    countAnswer();
    letGo(null);
    stream.sendEnd(trailers);
    stream.flush();
    finish();
  }

  @Override
  public void onResponseFailure(Failure failure, Repeat repeat) {
    upstream = null;
    boolean again = state == State.WAITING && mayRepeat(repeat);
    letGo(again && repeat == Repeat.ALWAYS ? null : failure);
    if (!again || pool == null) {
      fail(failure);
      return;
    }
    // Either says nothing about the backend: it closed an idle connection just as it was taken, or
    // it lets a connection go. So the request goes out once more, on one that is certainly new.
    tally.retried = true;
    freshOnly = true;
    requestPaused = false;
    stream.readBody(false);
    var _ = pool.on(worker).pick(pool, picks); // if there is no other, the same again
    hold(picks.last());
    dial(pool);
    flushUpstream();
  }

  private boolean mayRepeat(Repeat repeat) {
    return switch (repeat) {
      case NEVER -> false;
      case IF_IDEMPOTENT -> !freshOnly && !head.hasBody() && Method.isIdempotent(head.method());
      case ALWAYS -> attempts() < MOST_ATTEMPTS && (sentBody == null || sentBody.isWhole());
    };
  }

  private void dropSentBody() {
    if (sentBody != null) {
      sentBody.release();
      sentBody = null;
    }
  }

  // The end.

  private void finish() {
    tally.end(worker.clock().nanos());
    Ending.count(this, worker);
    end();
  }

  private void end() {
    RequestDeadline.end(deadline, worker);
    ResponsePace.end(pace, worker);
    state = State.ENDED;
    dropSentBody();
    if (tarpitted != null) {
      path.tarpit().letGo(tarpitted);
      tarpitted = null;
    }
    FollowUp rules = followUp;
    if (rules != null) {
      rules.onEnd();
    }
    if (path.log() != null) {
      path.log().write(path.record().of(this));
    }
    stream.exchangeEnded();
  }
}
