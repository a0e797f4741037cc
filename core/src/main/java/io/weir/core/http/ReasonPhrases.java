package io.weir.core.http;

import io.netty.handler.codec.http.HttpResponseStatus;

/** Reason phrases. */
final class ReasonPhrases {
  private ReasonPhrases() {}

  static String of(int status) {
    return HttpResponseStatus.valueOf(status).reasonPhrase();
  }
}
