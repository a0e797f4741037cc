package io.weir.daemon.service;

import java.time.Instant;
import java.util.concurrent.CountDownLatch;

/** How far a daemon is: it serves, was told to stop, lets exchanges end. Any thread. */
final class Lifetime {
  private final Instant began;
  private final CountDownLatch stop = new CountDownLatch(1);
  private volatile boolean draining; // written by the main thread

  Lifetime(Instant began) {
    this.began = began;
  }

  Instant began() {
    return began;
  }

  /** A second call changes nothing. */
  void stop() {
    stop.countDown();
  }

  void awaitStop() throws InterruptedException {
    stop.await();
  }

  /** From now on exchanges only end. */
  void drain() {
    draining = true;
  }

  boolean isDraining() {
    return draining;
  }

  boolean isReady() {
    return !draining && stop.getCount() > 0;
  }
}
