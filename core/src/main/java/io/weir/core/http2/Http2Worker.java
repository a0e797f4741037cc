package io.weir.core.http2;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.weir.core.http.RequestHead;
import io.weir.core.worker.Worker;
import java.util.ArrayDeque;

/** What the HTTP/2 connections of one worker share. Confined to its loop. */
public final class Http2Worker {
  /** As many heads as can be in flight at once without much memory: 1,024 of about 2 KiB. */
  private static final int SPARE_BYTES = 2 * 1024 * 1024;

  /** Holds most heads of responses; it grows. */
  private static final int SCRATCH_BYTES = 1024;

  private final Worker worker;
  private final RequestGuard guard;
  private final ByteBuf scratch = Unpooled.buffer(SCRATCH_BYTES);
  private final ArrayDeque<RequestHead> heads = new ArrayDeque<>();
  private int spareBytes;

  public Http2Worker(Worker worker) {
    this.worker = worker;
    this.guard = new RequestGuard(worker.random());
  }

  Worker worker() {
    return worker;
  }

  RequestGuard guard() {
    return guard;
  }

  /** An empty buffer for a field block that is copied away before the next is made. */
  ByteBuf scratch() {
    return scratch.clear();
  }

  RequestHead takeHead() {
    RequestHead head = heads.pollLast();
    if (head == null) {
      return new RequestHead();
    }
    spareBytes -= head.footprint();
    return head;
  }

  void giveBack(RequestHead head) {
    head.clear(); // also of one that is not kept: its stream may live on
    int bytes = head.footprint();
    if (spareBytes + bytes <= SPARE_BYTES) {
      spareBytes += bytes;
      heads.addLast(head);
    }
  }
}
