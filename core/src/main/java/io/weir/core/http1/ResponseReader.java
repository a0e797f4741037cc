package io.weir.core.http1;

import io.netty.buffer.ByteBuf;
import io.weir.core.http.Fields;
import io.weir.core.http.Method;
import io.weir.core.http.RequestHead;
import io.weir.core.http.ResponseHead;
import io.weir.core.http.ResponseListener;
import io.weir.core.upstream.PoolSettings;
import org.jspecify.annotations.Nullable;

/**
 * Reads the responses of one connection to a backend, one at a time, and passes on what fits the
 * request. Confined to its loop.
 */
final class ResponseReader {
  /** More than any protocol built on 1xx sends; a backend that sends them without end is broken. */
  private static final int MAX_INTERIM = 64;

  private final ResponseHeadReader headReader = new ResponseHeadReader();

  /** Of the last request: a reload can have changed them since the connection was made. */
  private PoolSettings settings;

  private BodyReader body;
  private boolean toHead;

  /** The protocol to which the request asks to change; null if to none. */
  private @Nullable String asked;

  /** What a backend must answer to a key of ours; null where the client has to look at it. */
  private @Nullable String accept;

  private boolean headRead;
  private int interim;

  ResponseReader(PoolSettings settings) {
    this.settings = settings;
    this.body = newBody(settings);
  }

  private static BodyReader newBody(PoolSettings settings) {
    return new BodyReader(settings.maxHeadBytes(), settings.maxFields());
  }

  /** The next response, of which nothing has come yet. */
  void begin(PoolSettings now) {
    adopt(now);
    interim = 0;
    beginHead();
  }

  private void adopt(PoolSettings now) {
    boolean sameLimits =
        now.maxHeadBytes() == settings.maxHeadBytes() && now.maxFields() == settings.maxFields();
    settings = now;
    if (!sameLimits) {
      body = newBody(now);
    }
  }

  private void beginHead() {
    headRead = false;
    headReader.head().clear();
    headReader.restart(settings.maxHeadBytes(), settings.maxFields());
  }

  /** The request that it is to answer. */
  void answers(RequestHead request) {
    toHead = request.method().equals(Method.HEAD);
    asked = Upgrade.asked(request);
    accept = Upgrade.expectedAnswer(request);
  }

  /**
   * Passes on what comes next of it: a head, or a piece of its body.
   *
   * @param requestComplete whether the backend was sent all of the request
   * @return {@code DONE} when the response is complete
   */
  HeadReader.Progress read(ByteBuf in, boolean requestComplete, ResponseListener listener) {
    return headRead ? readBody(in, listener) : readHead(in, requestComplete, listener);
  }

  private HeadReader.Progress readHead(
      ByteBuf in, boolean requestComplete, ResponseListener listener) {
    HeadReader.Progress progress = headReader.read(in);
    if (progress != HeadReader.Progress.DONE) {
      return progress;
    }
    ResponseHead head = headReader.head();
    boolean tooEarly = head.isSwitching() && !requestComplete; // RFC 9110 section 7.8
    if (tooEarly
        || !ResponseFramingGuard.check(head, toHead, asked)
        || !Upgrade.isAnswered(head, accept)) {
      return HeadReader.Progress.REFUSED;
    }
    if (head.isInterim()) {
      return passInterim(head, listener);
    }
    headRead = true;
    body.begin(head.bodyLength());
    listener.onResponseHead(head);
    return body.isEnded() ? HeadReader.Progress.DONE : HeadReader.Progress.MORE;
  }

  private HeadReader.Progress passInterim(ResponseHead head, ResponseListener listener) {
    if (++interim > MAX_INTERIM) {
      return HeadReader.Progress.REFUSED;
    }
    listener.onInterim(head);
    beginHead();
    return HeadReader.Progress.MORE;
  }

  private HeadReader.Progress readBody(ByteBuf in, ResponseListener listener) {
    ByteBuf piece = body.next(in);
    if (piece != null) {
      listener.onResponseBody(piece);
    }
    if (body.isMalformed()) {
      return HeadReader.Progress.REFUSED;
    }
    if (!body.isEnded()) {
      return HeadReader.Progress.MORE;
    }
    Fields trailers = body.trailers();
    if (trailers != null) {
      ConnectionFields.removeNamed(headReader.head().fields(), trailers);
    }
    return HeadReader.Progress.DONE;
  }

  /** Whether all of it has come if the connection ends now. */
  boolean endsWithConnection() {
    return headRead && body.endsWithConnection();
  }

  /** Behind a body that has ended. */
  @Nullable Fields trailers() {
    return body.trailers();
  }

  /** Whether the backend lets another request follow. */
  boolean isPersistent() {
    return headReader.head().persistent();
  }
}
