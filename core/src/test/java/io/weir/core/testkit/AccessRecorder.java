package io.weir.core.testkit;

import io.weir.core.log.AccessLog;
import io.weir.core.log.AccessRecord;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;

/** An access log that keeps what the stories ask for. */
public final class AccessRecorder implements AccessLog {
  private final List<Line> lines = new CopyOnWriteArrayList<>();
  private volatile CountDownLatch held = new CountDownLatch(0);

  /** One ended exchange. */
  public record Line(
      String method,
      String target,
      String protocol,
      int status,
      long bytesOut,
      String outcome,
      String backend,
      int attempts,
      String requestId,
      String traceId,
      String ja4) {}

  @Override
  public Sink sink(int worker) {
    return record -> {
      lines.add(line(record));
      hold();
    };
  }

  /** Each loop that writes a line from now on stands still until {@code gate} opens. */
  public void holdsLoopsUntil(CountDownLatch gate) {
    held = gate;
  }

  private void hold() {
    try {
      held.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static Line line(AccessRecord record) {
    return new Line(
        record.method(),
        record.target(),
        record.protocol(),
        record.status(),
        record.bytesOut(),
        record.outcome(),
        String.valueOf(record.backend()),
        record.attempts(),
        record.requestId(),
        String.valueOf(record.traceId()),
        String.valueOf(record.ja4()));
  }

  public List<Line> lines() {
    return List.copyOf(lines);
  }

  /** The n-th line, from 0, once it has been written. */
  public Line line(int n) {
    ByteBackend.waitsUntil("line " + n + " in the access log", () -> lines.size() > n);
    return lines.get(n);
  }
}
