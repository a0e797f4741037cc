package io.weir.core.testkit;

import io.weir.core.log.AccessLog;
import io.weir.core.log.AccessRecord;
import io.weir.core.log.ConnectionRecord;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;

/** An access log that keeps what the stories ask for. */
public final class AccessRecorder implements AccessLog {
  private final List<Line> lines = new CopyOnWriteArrayList<>();
  private final List<ConnectionRecord> connections = new CopyOnWriteArrayList<>();
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
      String ja4,
      String rule) {}

  @Override
  public Sink sink(int worker) {
    return new Sink() {
      @Override
      public void write(AccessRecord record) {
        lines.add(line(record));
        hold();
      }

      @Override
      public void write(ConnectionRecord record) {
        connections.add(record);
      }
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
        String.valueOf(record.ja4()),
        String.valueOf(record.rule()));
  }

  /** The n-th relayed connection, from 0, once it has ended. */
  public ConnectionRecord connection(int n) {
    ByteBackend.waitsUntil("relayed connection " + n, () -> connections.size() > n);
    return connections.get(n);
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
