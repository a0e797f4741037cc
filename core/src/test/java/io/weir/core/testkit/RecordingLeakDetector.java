package io.weir.core.testkit;

import io.netty.util.ResourceLeakDetector;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Netty's leak detector, which besides logging keeps what it found.
 *
 * <p>Netty makes it by name, from the system property {@code io.netty.customResourceLeakDetector},
 * hence the visibility and the constructors.
 */
public final class RecordingLeakDetector<T> extends ResourceLeakDetector<T> {
  static final Queue<String> FOUND = new ConcurrentLinkedQueue<>();

  public RecordingLeakDetector(Class<?> type, int samplingInterval) {
    super(type, samplingInterval);
  }

  /** The form that Netty looks for first; it complains in the log where it is missing. */
  public RecordingLeakDetector(Class<?> type, int samplingInterval, long maxActive) {
    this(type, samplingInterval);
  }

  @Override
  protected boolean needReport() {
    return true; // else nothing is looked at where no logger listens for errors
  }

  @Override
  protected void reportTracedLeak(String type, String records) {
    FOUND.add(type + records);
  }

  @Override
  protected void reportUntracedLeak(String type) {
    FOUND.add(type + " (no records)");
  }
}
