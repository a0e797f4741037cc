package io.weir.tls;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.util.ResourceLeakDetector;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Fails a test class that left a buffer, an engine, a session or a context unreleased; for {@link
 * ExtendWith}.
 *
 * <p>Nothing says when the collector has looked at everything, so one buffer is lost on purpose:
 * when that one is reported, all that were lost before it have been.
 */
final class LeakCheck implements AfterAllCallback {

  private static final Queue<String> FOUND = new ConcurrentLinkedQueue<>();
  private static final AtomicInteger BAITS = new AtomicInteger(); // equal records are reported once
  private static final int COLLECTIONS = 200; // a few suffice unless the detector is not ours

  @Override
  public void afterAll(ExtensionContext context) {
    assertThat(leaks()).as("what nobody released").isEmpty();
  }

  /** What was lost since the last call. */
  static List<String> leaks() {
    String bait = "lost on purpose, number " + BAITS.incrementAndGet() + ".";
    lose(bait);
    List<String> leaks = new ArrayList<>();
    for (int i = 0; i < COLLECTIONS; i++) {
      System.gc();
      PooledByteBufAllocator.DEFAULT.directBuffer(1).release(); // the detector looks when it tracks
      boolean taken = false;
      for (String found; (found = FOUND.poll()) != null; ) {
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
    throw new AssertionError("Netty does not use our leak detector");
  }

  private static void lose(String bait) {
    ByteBuf lost = PooledByteBufAllocator.DEFAULT.directBuffer(1);
    lost.touch(bait);
  }

  /** Keeps what is found; Netty makes it by the name in a system property. */
  public static final class Detector<T> extends ResourceLeakDetector<T> {

    public Detector(Class<?> type, int samplingInterval) {
      super(type, samplingInterval);
    }

    /** The form that Netty looks for first. */
    public Detector(Class<?> type, int samplingInterval, long maxActive) {
      this(type, samplingInterval);
    }

    @Override
    protected boolean needReport() {
      return true;
    }

    @Override
    protected void reportTracedLeak(String type, String records) {
      FOUND.add(type + records);
    }

    @Override
    protected void reportUntracedLeak(String type) {
      FOUND.add(type);
    }
  }
}
