package io.weir.core.answer;

import io.weir.core.http.Ascii;
import io.weir.core.http.FieldName;
import io.weir.core.http.Fields;
import io.weir.core.http.LocalResponse;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * Errors as calls of gRPC understand them: 200, no body, and a status of gRPC among the fields,
 * each encoded once. Any thread.
 */
public final class GrpcErrors {
  /*
   * Where the list for clients that meet bare HTTP (http-grpc-status-mapping of the protocol) has
   * only one word for many, we know better and say it: whoever is over a limit should not try again
   * at once, as UNAVAILABLE invites to, and what took too long has exceeded a deadline, ours.
   */
  private static final int UNKNOWN = 2;
  private static final int DEADLINE_EXCEEDED = 4;
  private static final int PERMISSION_DENIED = 7;
  private static final int RESOURCE_EXHAUSTED = 8;
  private static final int UNIMPLEMENTED = 12;
  private static final int INTERNAL = 13;
  private static final int UNAVAILABLE = 14;
  private static final int UNAUTHENTICATED = 16;

  private static final int FIRST = 400;
  private static final int LAST = 599;
  private static final AtomicReferenceArray<LocalResponse> MADE =
      new AtomicReferenceArray<>(LAST - FIRST + 1);

  private static final String TYPE = "application/grpc";

  private GrpcErrors() {}

  /** Whether a request is a call: {@code application/grpc}, also with a format or parameters. */
  public static boolean isCall(Fields request) {
    int i = request.find(FieldName.CONTENT_TYPE, 0);
    if (i < 0) {
      return false;
    }
    int start = request.valueStart(i);
    int end = start + TYPE.length();
    if (end > request.valueEnd(i) || !Ascii.equalsIgnoreCase(request.bytes(), start, end, TYPE)) {
      return false;
    }
    // Not application/grpc-web: its clients speak HTTP/1, too, and read the status of HTTP.
    return end == request.valueEnd(i) || "+; \t".indexOf(request.bytes()[end]) >= 0;
  }

  /**
   * What a call is told.
   *
   * @param status of HTTP, 400 to 599, that another request would get
   */
  public static LocalResponse of(int status) {
    LocalResponse known = MADE.get(status - FIRST);
    if (known == null) {
      known =
          LocalResponse.of(
              200,
              "Content-Type: application/grpc\r\nGrpc-Status: "
                  + code(status)
                  + "\r\nGrpc-Message: "
                  + Causes.of(status)
                  + "\r\n",
              "");
      MADE.set(status - FIRST, known);
    }
    return known;
  }

  private static int code(int status) {
    return switch (status) {
      case 401 -> UNAUTHENTICATED;
      case 403, 451 -> PERMISSION_DENIED;
      case 404, 405, 501 -> UNIMPLEMENTED;
      case 408, 504 -> DEADLINE_EXCEEDED;
      case 413, 429, 431 -> RESOURCE_EXHAUSTED;
      case 502, 503 -> UNAVAILABLE;
      default -> status == 400 || status >= 500 ? INTERNAL : UNKNOWN;
    };
  }
}
