package io.weir.core.stories;

import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufAllocatorMetricProvider;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.util.List;
import java.util.Set;

/**
 * How much memory grows: what Netty's allocators took from the system, watched all the time, and
 * the live heap.
 *
 * <p>Not the process as the system sees it, in which the test's own garbage would count.
 */
public final class Memory implements AutoCloseable {
  private static final Set<ByteBufAllocator> ALLOCATORS =
      Set.copyOf(
          List.of(
              ByteBufAllocator.DEFAULT,
              PooledByteBufAllocator.DEFAULT,
              UnpooledByteBufAllocator.DEFAULT));

  private final long heapBefore = liveHeap();
  private final long directBefore = direct();
  private final Thread watcher = Thread.ofPlatform().daemon().unstarted(this::watchDirect);
  private volatile long mostDirect = directBefore; // written by the watcher only
  private volatile boolean ended;

  private Memory() {}

  public static Memory watch() {
    Memory memory = new Memory();
    memory.watcher.start();
    return memory;
  }

  /** Live heap and direct memory above those of the beginning, in bytes. */
  public long growthWhilePaused() {
    return liveHeap() - heapBefore + direct() - directBefore;
  }

  /** The most direct memory at any time above that of the beginning, in bytes. */
  public long mostDirectGrowth() {
    return mostDirect - directBefore;
  }

  @Override
  public void close() throws InterruptedException {
    ended = true;
    watcher.join();
  }

  private void watchDirect() {
    while (!ended) {
      mostDirect = Math.max(mostDirect, direct());
      try {
        Thread.sleep(2);
      } catch (InterruptedException e) {
        return;
      }
    }
  }

  private static long liveHeap() {
    System.gc();
    return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
  }

  private static long direct() {
    long sum = 0;
    for (ByteBufAllocator allocator : ALLOCATORS) {
      sum += ((ByteBufAllocatorMetricProvider) allocator).metric().usedDirectMemory();
    }
    return sum;
  }
}
