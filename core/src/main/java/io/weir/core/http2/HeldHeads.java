package io.weir.core.http2;

import io.weir.core.worker.HeadMemory;

/**
 * What the heads of one connection's requests hold, from the time that they came until nobody reads
 * them any more. Confined to its loop.
 */
final class HeldHeads {
  /**
   * What a connection may hold of the reserve of {@link HeadMemory}: some 80 requests of the usual
   * kind. One request it may always have.
   */
  static final int OF_RESERVE = 128 * 1024;

  private final HeadMemory worker;
  private int held;

  HeldHeads(HeadMemory worker) {
    this.worker = worker;
  }

  /** Takes so many bytes; false if that is too much for now. */
  boolean take(int bytes) {
    boolean little = held + bytes <= OF_RESERVE;
    boolean fits = held == 0 || worker.hasRoomFor(bytes) || (little && worker.hasReserveFor(bytes));
    if (fits) {
      add(bytes);
    }
    return fits;
  }

  /** What was taken has grown by so many bytes, or is given back. */
  void add(int bytes) {
    held += bytes;
    worker.add(bytes);
  }
}
