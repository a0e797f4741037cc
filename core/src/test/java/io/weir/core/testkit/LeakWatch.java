package io.weir.core.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.util.ResourceLeakDetector;
import io.netty.util.ResourceLeakDetectorFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Fails a test class that left a Netty buffer unreleased.
 *
 * <p>A leak shows only after the collector found the buffer, and nothing says when it has. So a
 * buffer of one byte is lost on purpose: when that one is reported, the collection that found it
 * has found all those lost before. It also proves on each use that the watch is awake.
 */
public final class LeakWatch {
  private static final String BAIT = "lost on purpose by the leak watch, number ";

  /** A collection takes milliseconds; this many fail only if the detector is not ours. */
  private static final int COLLECTIONS = 200;

  /** Netty reports equal records once, so each bait has its number. */
  private static final AtomicInteger BAITS = new AtomicInteger();

  private LeakWatch() {}

  /**
   * Puts the recording detector in place. Where Netty's buffers were used before, only the system
   * property {@code io.netty.customResourceLeakDetector} comes early enough.
   */
  public static void install() {
    ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.PARANOID);
    ResourceLeakDetectorFactory.setResourceLeakDetectorFactory(
        new ResourceLeakDetectorFactory() {
          @Override
          @SuppressWarnings("deprecation") // the abstract one; Netty calls the other
          public <T> ResourceLeakDetector<T> newResourceLeakDetector(
              Class<T> type, int samplingInterval, long maxActive) {
            return new RecordingLeakDetector<>(type, samplingInterval);
          }
        });
  }

  /** Collects, and fails with the records of every leak found since the last call. */
  public static void findsNothing() {
    assertThat(leaks()).as("buffers that nobody released").isEmpty();
  }

  static List<String> leaks() {
    String bait = BAIT + BAITS.incrementAndGet() + ".";
    loseOne(bait);
    List<String> leaks = new ArrayList<>();
    for (int i = 0; i < COLLECTIONS; i++) {
      System.gc();
      PooledByteBufAllocator.DEFAULT.directBuffer(1).release(); // makes the detector look
      boolean taken = false;
      for (String found; (found = RecordingLeakDetector.FOUND.poll()) != null; ) {
        if (found.contains(bait)) {
          taken = true;
        } else {
          leaks.add(found);
        }
      }
      if (taken) {
        return leaks;
      }
    }
    throw new AssertionError(
        "the leak detector is not ours: run with -Dio.netty.customResourceLeakDetector="
            + RecordingLeakDetector.class.getName());
  }

  private static void loseOne(String bait) {
    ByteBuf lost = PooledByteBufAllocator.DEFAULT.directBuffer(1);
    lost.touch(bait);
  }
}
