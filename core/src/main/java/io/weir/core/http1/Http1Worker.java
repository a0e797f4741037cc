package io.weir.core.http1;

import io.weir.core.worker.Worker;

/** What the HTTP/1 connections of one worker share. Confined to its loop. */
public final class Http1Worker {
  private final Worker worker;
  private final RequestHeads heads = new RequestHeads();
  private final FramingGuard guard = new FramingGuard();

  public Http1Worker(Worker worker) {
    this.worker = worker;
  }

  Worker worker() {
    return worker;
  }

  RequestHeads heads() {
    return heads;
  }

  FramingGuard guard() {
    return guard;
  }
}
