package io.weir.core.exchange;

import io.weir.core.answer.GrpcErrors;
import io.weir.core.http.Failure;
import io.weir.core.http.Fields;
import io.weir.core.http.HttpVersion;
import io.weir.core.http.LocalResponse;
import io.weir.core.http.RequestHead;
import io.weir.firewall.Refusal;

/** The answers that no backend gives. */
final class OwnAnswers {
  /** When a client may come back after a 503: backends are checked every few seconds. */
  private static final String SOON = "Retry-After: 5\r\n";

  /**
   * With the 405 (RFC 9110 section 15.5.6) to CONNECT, the one method that is not passed on, and to
   * a TRACE that must not be: what it asks for, the request itself with all that it carries, is not
   * shown to anybody.
   */
  private static final String ALLOWED = "Allow: GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS\r\n";

  /** To an OPTIONS that must not be forwarded (RFC 9110 sections 7.6.2 and 9.3.7). */
  static final LocalResponse OPTIONS_HERE = LocalResponse.of(200, ALLOWED, "");

  private static final int METHOD_NOT_ALLOWED = 405;

  /** To a trusted proxy where others get no answer. */
  static final int FORBIDDEN = 403;

  private OwnAnswers() {}

  static LocalResponse refusal(Exchange exchange, Refusal refusal, int retryAfterSeconds) {
    String place = refusal.location();
    if (place != null) {
      return LocalResponse.plain(refusal.status()).with("Location: " + place + "\r\n");
    }
    LocalResponse page = page(exchange, refusal.status());
    if (page.status() == METHOD_NOT_ALLOWED) {
      page = page.with(LocalResponse.NO_METHOD);
    }
    return retryAfterSeconds > 0 ? page.with("Retry-After: " + retryAfterSeconds + "\r\n") : page;
  }

  /**
   * To a trusted proxy in place of no answer: its connection carries other clients too, and a proxy
   * takes backends that hang up for broken.
   */
  static LocalResponse forbidden(Exchange exchange) {
    return page(exchange, FORBIDDEN);
  }

  static LocalResponse failure(Exchange exchange, Failure failure) {
    LocalResponse page = page(exchange, failure.status());
    return switch (failure) {
      case NO_BACKEND, UPSTREAM_REFUSED -> page.with(SOON);
      case METHOD_NOT_ALLOWED -> page.with(ALLOWED);
      default -> page;
    };
  }

  static LocalResponse notFound(Exchange exchange) {
    return page(exchange, 404);
  }

  private static LocalResponse page(Exchange exchange, int status) {
    RequestHead head = exchange.head();
    Fields fields = head.fields();
    boolean isCall = head.version() == HttpVersion.HTTP_2 && GrpcErrors.isCall(fields);
    LocalResponse page =
        isCall ? GrpcErrors.of(status) : exchange.snapshot().errorPages().page(status, fields);
    return page.withId(exchange.ids().requestId(fields));
  }

  /** To the same URL on https. */
  static LocalResponse toHttps(RequestHead head, String target) {
    String place = target.startsWith("/") ? target : "/";
    return LocalResponse.plain(308).with("Location: https://" + head.host() + place + "\r\n");
  }
}
