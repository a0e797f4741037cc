package io.weir.core.exchange;

import io.netty.buffer.ByteBuf;
import io.weir.core.edit.TargetEdit;
import io.weir.core.http.DownstreamStream;
import io.weir.core.http.Failure;
import io.weir.core.http.Fields;
import io.weir.core.http.HttpVersion;
import io.weir.core.http.LocalResponse;
import io.weir.core.http.Method;
import io.weir.core.http.RequestHead;
import io.weir.core.http.RequestListener;
import io.weir.core.http.ResponseHead;
import io.weir.core.http.UpstreamStream;
import io.weir.core.snapshot.Listener;
import io.weir.core.snapshot.Route;
import io.weir.core.snapshot.RouteAction;
import io.weir.core.snapshot.Snapshot;
import io.weir.core.upstream.Backend;
import io.weir.core.upstream.Pool;
import io.weir.core.worker.Worker;
import io.weir.firewall.FollowUp;
import io.weir.firewall.Permit;
import io.weir.firewall.Quotas;
import io.weir.firewall.Refusal;
import io.weir.firewall.address.ClientAddress;
import io.weir.firewall.path.RequestTarget;
import org.jspecify.annotations.Nullable;

/** One request and its response, from the head to the log line. Confined to its worker's loop. */
final class Exchange implements RequestListener, ResponsePace.Held {
  final ExchangeTally tally;

  private final RequestPath path;
  private final Worker worker;
  private final ClientConnection connection;
  private final Snapshot snapshot;
  private final Listener listener;
  private final DownstreamStream stream;
  private final RequestHead head;
  private final RequestIds ids;

  private Route route;
  private String toSend = "";
  private ClientAddress client;
  private @Nullable RequestDeadline deadline;
  private @Nullable FollowUp followUp;
  private @Nullable ResponsePace pace;
  private @Nullable Quotas quotas; // that the client is told of
  private Tarpit.@Nullable Held tarpitted;
  private @Nullable Forwarding forwarding; // from when a permit sends it to a pool

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
    this.listener = connection.listener();
    this.stream = stream;
    this.head = head;
    this.ids = new RequestIds(worker.random());
    this.route = listener.http().unread();
    this.client = connection.peer();
    this.tally = new ExchangeTally(stream.requestNanos());
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
    return forwarding == null ? null : forwarding.pool();
  }

  /** The last backend tried. */
  @Nullable Backend backend() {
    return forwarding == null ? null : forwarding.backend();
  }

  RequestIds ids() {
    return ids;
  }

  Snapshot snapshot() {
    return snapshot;
  }

  // What is learnt of the request.

  /** The request was read: what it asks for, and who asks. */
  void read(RequestTarget target, ClientAddress from) {
    toSend = target.forwarded();
    client = from;
    deadline = RequestDeadline.begin(this, worker, listener.http().limits().requestNanos());
    ids.read(head.fields(), snapshot.tracing(), connection.isTrusted());
  }

  /** It takes that route. */
  void routed(Route to) {
    route = to;
  }

  /** What the rules want to know of the request from now on. */
  void followedUpBy(@Nullable FollowUp rules) {
    followUp = rules;
    pace = ResponsePace.of(this, rules);
  }

  /** What its answer says of the client's limits. */
  void limitedBy(@Nullable Quotas told) {
    quotas = told;
  }

  // What happens to it.

  /** The rules refused it. */
  void refuse(Refusal refusal, int retryAfterSeconds) {
    tally.refusal = refusal;
    if (refusal.delayNanos() > 0) {
      tarpitted = path.tarpit().hold(this, refusal.delayNanos());
      if (tarpitted != null) {
        RequestDeadline.end(deadline, worker); // it waits for nobody; the rule says how long
        endFollowUp(); // nor may it keep others out
        if (head.hasBody() || !connection.isTrusted()) { // a proxy's connection goes on for others
          stream.forgetRest(connection.isTrusted());
        }
        return;
      }
      if (path.isDraining()) {
        letGoOfHeld();
        return;
      }
    }
    if (refusal.status() > 0) {
      answer(OwnAnswers.refusal(this, refusal, retryAfterSeconds));
    } else if (connection.isTrusted()) {
      answer(OwnAnswers.forbidden(this));
    } else {
      stream.drop();
      finish();
    }
  }

  /** The status of the answer to a refusal; 0: there is none. */
  int statusOf(Refusal refusal) {
    boolean toProxy = refusal.status() == 0 && connection.isTrusted();
    return toProxy ? OwnAnswers.FORBIDDEN : refusal.status();
  }

  private void toHttps() {
    if (head.host().isEmpty()) {
      fail(Failure.BAD_REQUEST); // of HTTP/1.0, and nobody knows where to
    } else {
      answer(OwnAnswers.toHttps(head, toSend));
    }
  }

  /** It was held long enough: from then on it is as if it was dropped at once. */
  void endHeld() {
    if (connection.isTrusted()) {
      answer(OwnAnswers.forbidden(this));
    } else {
      stream.drop();
      finish();
    }
  }

  /** The process stops: it is held no longer, and what else its connection carries may end. */
  void letGoOfHeld() {
    if (connection.isTrusted()) {
      answer(OwnAnswers.forbidden(this));
    } else {
      stream.abort();
      finish();
    }
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
      endHere();
      return;
    }
    switch (route.action()) {
      case RouteAction.Forward forward -> forward(forward.pool(), permit);
      case RouteAction.Answer answer -> give(answer);
      case RouteAction.NotFound notFound -> answer(OwnAnswers.notFound(this));
      case RouteAction.ToHttps toHttps -> toHttps();
    }
  }

  /** It must go no further (RFC 9110 section 7.6.2). */
  private void endHere() {
    if (head.method().equals(Method.OPTIONS)) {
      answer(OwnAnswers.OPTIONS_HERE);
    } else {
      fail(Failure.METHOD_NOT_ALLOWED);
    }
  }

  /** A permit is what only the firewall makes: without one nothing is forwarded. */
  private void forward(Pool to, @SuppressWarnings("unused") Permit permit) {
    forwarding = new Forwarding(this, stream, to, pace);
    forwarding.begin();
  }

  /** What the route answers by itself waits and counts as what a backend would. */
  private void give(RouteAction.Answer answer) {
    if (pace != null && pace.holdsBack(this)) {
      return;
    }
    LocalResponse response = path.heads().own(this, answer.response(), answer.own());
    if (pace != null && !head.method().equals(Method.HEAD)) {
      pace.sent(response.bodyLength());
    }
    answer(response);
  }

  /** No rule holds the route's answer back any more. */
  @Override
  public void resume() {
    if (route.action() instanceof RouteAction.Answer answer) {
      give(answer);
    }
  }

  /** A rule that had let it pass when it came does not let it go on as fast. */
  void heldBackBy(int rule) {
    snapshot.ruleMeters().get(rule).matched(worker.counters(), worker.clock().epochMillis());
    path.report().heldBack(snapshot, this, rule);
  }

  private void answer(LocalResponse encoded) {
    LocalResponse given =
        wouldSwitch(encoded.status()) ? OwnAnswers.failure(this, Failure.NOT_IMPLEMENTED) : encoded;
    LocalResponse response =
        path.heads().own(this, QuotaFields.add(given, quotas), route.edits().response());
    tally.status = response.status();
    boolean sent = stream.sendLocal(response);
    tally.bytesOut = !sent || head.method().equals(Method.HEAD) ? 0 : response.bodyLength();
    stream.flush();
    finish();
  }

  /** It cannot be served. Answered if nothing was; cut if the response had begun. */
  void fail(Failure failure) {
    if (tarpitted != null) { // its client leaves, or breaks a rule: it was refused before that
      stream.abort();
      finish();
      return;
    }
    boolean begun = false;
    if (forwarding != null) {
      forwarding.letGo(failure);
      begun = forwarding.isResponding();
    }
    tally.failure = failure;
    if (failure.side() == Failure.Side.CLIENT) {
      stream.endAfterThis();
    }
    boolean isCut = stream.isGone() || (begun && !stream.takeBack());
    if (isCut || failure.isUntold(stream.isWritable())) {
      stream.abort();
      finish();
      return;
    }
    answer(OwnAnswers.failure(this, failure));
  }

  /** It took longer than any request may: the fault of who was waited for. */
  void expire() {
    boolean forClient =
        forwarding == null ? pace != null && pace.isHolding() : forwarding.waitsForClient();
    fail(forClient ? Failure.REQUEST_TIMEOUT : Failure.UPSTREAM_TIMEOUT);
  }

  // What passes.

  /** It goes to a backend: makes of it what that is to see. */
  void prepareRequest() {
    path.heads().request(this);
  }

  /** A backend responds: makes of it what the client is to see; the rules hear of it first. */
  void prepareResponse(ResponseHead response) {
    FollowUp rules = followUp;
    if (rules != null) {
      rules.onResponse(response.status(), worker.clock().nanos());
    }
    path.heads().response(this, response, quotas);
  }

  /** The same for what the backend sent behind the body. */
  void prepareTrailers(@Nullable Fields trailers) {
    path.heads().responseTrailers(this, trailers);
  }

  /** To a CONNECT of HTTP/2 any 2xx says that the stream has left HTTP (RFC 8441 section 5). */
  boolean wouldSwitch(int status) {
    boolean success = status >= 200 && status < 300;
    return success && head.isWebSocket() && head.version() == HttpVersion.HTTP_2;
  }

  // The rest of the request.

  @Override
  public void onRequestBody(ByteBuf data) {
    tally.bytesIn += data.readableBytes();
    if (forwarding == null) {
      data.release();
    } else {
      forwarding.sendBody(data);
    }
  }

  @Override
  public void onRequestEnd(@Nullable Fields trailers) {
    if (forwarding != null) {
      path.heads().requestTrailers(this, trailers);
      forwarding.sendEnd(trailers);
    }
  }

  @Override
  public void onRequestBatchEnd() {
    if (forwarding != null) {
      forwarding.flush();
    }
  }

  @Override
  public void onRequestFailure(Failure failure) {
    fail(failure);
  }

  @Override
  public void onDownstreamWritability(boolean writable) {
    if (writable && forwarding != null) {
      forwarding.resume();
    }
  }

  // The end.

  /** It leaves HTTP. As a request it ends here. */
  void upgrade(ResponseHead response, UpstreamStream from) {
    RequestDeadline.end(deadline, worker);
    listener.meter().upgraded(worker.counters(), 1);
    count();
    long idleNanos = listener.http().limits().tunnelIdleNanos();
    new Tunnel(this, pace, stream.upgrade(response), from.upgrade(), idleNanos).begin();
  }

  /** What it became is cut; as a request it had ended well. */
  void tunnelFailed(Failure failure) {
    tally.failure = failure;
    listener.meter().failed(worker.counters(), failure);
  }

  /** Both directions of what it became have ended. */
  void tunnelEnded(long in, long out) {
    if (forwarding != null) {
      forwarding.letGo(null);
    }
    listener.meter().upgraded(worker.counters(), -1);
    if (head.version() != HttpVersion.HTTP_2) { // whose connection goes on, and counts itself
      connection.onTraffic(in, out);
    }
    tally.bytesIn = in;
    tally.bytesOut = out;
    tally.end(worker.clock().nanos());
    end();
  }

  /** Its response was sent, or cut. */
  void finish() {
    count();
    end();
  }

  private void count() {
    tally.end(worker.clock().nanos());
    Ending.count(this, worker);
  }

  private void end() {
    RequestDeadline.end(deadline, worker);
    if (forwarding != null) {
      forwarding.end();
    }
    if (pace != null) {
      pace.end();
    }
    if (tarpitted != null) {
      path.tarpit().letGo(tarpitted);
      tarpitted = null;
    }
    endFollowUp();
    if (path.log() != null) {
      path.log().write(path.record().of(this));
    }
    stream.exchangeEnded();
  }

  private void endFollowUp() {
    FollowUp rules = followUp;
    if (rules != null) {
      rules.onEnd();
    }
  }
}
