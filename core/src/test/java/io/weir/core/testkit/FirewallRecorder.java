package io.weir.core.testkit;

import io.weir.core.log.FirewallLog;
import io.weir.core.log.FirewallRecord;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A firewall log that keeps its lines, the request id apart. */
public final class FirewallRecorder implements FirewallLog {
  private final List<String> lines = new CopyOnWriteArrayList<>();
  private final List<String> ids = new CopyOnWriteArrayList<>();

  @Override
  public Sink sink(int worker) {
    return record -> {
      ids.add(String.valueOf(record.requestId()));
      lines.add(line(record));
    };
  }

  private static String line(FirewallRecord record) {
    return "%s %s %s %s, %s = %s, %s %s %s%s on %s"
        .formatted(
            record.client(),
            record.rule(),
            record.action(),
            record.mode().label(),
            record.field(),
            record.excerpt(),
            record.method(),
            record.host(),
            record.target(),
            record.reason() == null ? "" : " because of " + record.reason(),
            record.listener());
  }

  /** The first lines, once there are so many. */
  public List<String> lines(int count) {
    ByteBackend.waitsUntil(
        count + " lines in the firewall log: " + lines, () -> lines.size() >= count);
    return List.copyOf(lines);
  }

  /** The request id of the n-th line, from 0. */
  public String requestId(int n) {
    return ids.get(n);
  }
}
