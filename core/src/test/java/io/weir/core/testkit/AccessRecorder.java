package io.weir.core.testkit;

import io.weir.core.log.AccessLog;
import io.weir.core.log.AccessRecord;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** An access log that keeps what the stories ask for. */
public final class AccessRecorder implements AccessLog {
  private final List<Line> lines = new CopyOnWriteArrayList<>();

  /** One ended exchange. */
  public record Line(
      String method,
      String target,
      String protocol,
      int status,
      String outcome,
      String backend,
      int attempts,
      String requestId,
      String traceId,
      String ja4) {}

  @Override
  public Sink sink(int worker) {
    return record -> lines.add(line(record));
  }

  private static Line line(AccessRecord record) {
    return new Line(
        record.method(),
        record.target(),
        record.protocol(),
        record.status(),
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
