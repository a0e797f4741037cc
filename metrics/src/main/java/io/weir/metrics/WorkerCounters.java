package io.weir.metrics;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The cells of one worker: written by that worker's thread alone, read by anyone.
 *
 * <p>A slot is known to all workers; the memory behind it is made by each worker when it first
 * writes there. Cells wrap around; a reader never sees half a value.
 */
public final class WorkerCounters {
  /*
   * Slots are cut into chunks, so that a reload can add slots without moving a cell that the worker
   * is writing to, and so that a worker pays only for what it touches.
   *
   * There is one writer, so an addition is a plain read and an ordered write: no locked
   * instruction. Writes are opaque (whole, and seen soon); a histogram's bucket is released after
   * its sum, so that a reader that sees the observation counted also finds it in the sum. A new
   * chunk, and a new array of chunks, are released with their zeroes.
   *
   * Both ends of a chunk stay unused for a pair of cache lines (processors fetch them in pairs):
   * the collector may move the chunks of two workers next to each other, and they must not then
   * write to one line.
   */
  static final int CHUNK_BITS = 9; // 4 KiB of cells: one page
  static final int CHUNK = 1 << CHUNK_BITS;

  private static final int MASK = CHUNK - 1;
  private static final int PAD = 16; // longs in two 64-byte cache lines

  private static final VarHandle CELL =
      MethodHandles.arrayElementVarHandle(long[].class).withInvokeExactBehavior();
  private static final VarHandle CHUNK_AT = MethodHandles.arrayElementVarHandle(long[][].class);
  private static final VarHandle CHUNKS;

  static {
    try {
      CHUNKS = MethodHandles.lookup().findVarHandle(WorkerCounters.class, "chunks", long[][].class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private long[] @Nullable [] chunks = new long[8][]; // written by this worker's thread only

  WorkerCounters() {}

  /** Adds one. */
  public void increment(int slot) {
    add(slot, 1);
  }

  /** Adds {@code n}; a level is lowered by a negative {@code n}. */
  public void add(int slot, long n) {
    long[] chunk = chunk(slot);
    int at = PAD + (slot & MASK);
    CELL.setOpaque(chunk, at, chunk[at] + n);
  }

  /** Counts one request; the indices come from {@link MethodLabel} and {@link CodeLabel}. */
  public void request(int base, int method, int code) {
    add(base + method * CodeLabel.ROW + code, 1);
  }

  /** Puts a duration in nanoseconds into a histogram; a negative one counts as zero. */
  public void observe(Buckets buckets, int base, long nanos) {
    long duration = Math.max(0, nanos);
    long[] chunk = chunk(base); // a block lies in one chunk, see SlotSpace
    int at = PAD + (base & MASK);
    int sum = at + buckets.sumCell();
    int bucket = at + buckets.indexOf(duration);
    CELL.setOpaque(chunk, sum, chunk[sum] + duration);
    CELL.setRelease(chunk, bucket, chunk[bucket] + 1);
  }

  /** The cell's value; any thread. */
  long get(int slot) {
    long[][] seen = (long[][]) CHUNKS.getAcquire(this);
    int at = slot >>> CHUNK_BITS;
    if (at >= seen.length) {
      return 0;
    }
    long[] chunk = (long[]) CHUNK_AT.getAcquire(seen, at);
    return chunk == null ? 0 : (long) CELL.getAcquire(chunk, PAD + (slot & MASK));
  }

  private long[] chunk(int slot) {
    long[] @Nullable [] mine = chunks;
    int at = slot >>> CHUNK_BITS;
    if (at < mine.length) {
      long[] chunk = mine[at];
      if (chunk != null) {
        return chunk;
      }
    }
    return newChunk(at);
  }

  private long[] newChunk(int at) {
    if (at >= chunks.length) {
      CHUNKS.setRelease(this, Arrays.copyOf(chunks, Math.max(at + 1, chunks.length * 2)));
    }
    long[] chunk = new long[PAD + CHUNK + PAD];
    CHUNK_AT.setRelease(chunks, at, chunk);
    return chunk;
  }
}
