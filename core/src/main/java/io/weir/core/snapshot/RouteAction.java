package io.weir.core.snapshot;

import io.weir.core.edit.HeaderEdits;
import io.weir.core.http.LocalResponse;
import io.weir.core.upstream.Pool;

/** What happens to a request that the rules permit. */
public sealed interface RouteAction {
  /** It is forwarded to a backend of the pool. */
  record Forward(Pool pool) implements RouteAction {}

  /**
   * It is answered from memory.
   *
   * @param own fields that only this answer has
   */
  record Answer(LocalResponse response, HeaderEdits own) implements RouteAction {}

  /** There is no route for it. */
  record NotFound() implements RouteAction {}

  /** It is sent to the same URL on https, by 308 so that method and body stay. */
  record ToHttps() implements RouteAction {}
}
