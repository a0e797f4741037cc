package io.weir.daemon.log;

import io.weir.core.log.AccessLog;
import io.weir.core.log.AccessRecord;
import io.weir.core.log.ConnectionRecord;
import io.weir.metrics.Metrics;
import java.io.IOException;
import java.nio.file.Path;
import java.util.function.Supplier;

/** The access log in a file. */
public final class AccessLogFile implements AccessLog, AutoCloseable {
  private final LogFile file;
  private final Supplier<LineFormat> formats;

  /**
   * Opens the file for appending.
   *
   * @param formats makes one format per worker, since formats hold state
   */
  public AccessLogFile(Path file, Supplier<LineFormat> formats, Metrics metrics)
      throws IOException {
    this(file, formats, metrics, LogFile.RING);
  }

  AccessLogFile(Path file, Supplier<LineFormat> formats, Metrics metrics, int ringBytes)
      throws IOException {
    this.file = new LogFile(file, "access", metrics, ringBytes);
    this.formats = formats;
  }

  @Override
  public Sink sink(int worker) {
    LogFile.Lines lines = file.lines(worker);
    LineFormat format = formats.get();
    return new Sink() {
      @Override
      public void write(AccessRecord record) {
        format.write(record, lines.begin());
        lines.end();
      }

      @Override
      public void write(ConnectionRecord record) {
        LineBuffer line = lines.begin();
        format.write(record, line);
        if (line.length() > 0) {
          lines.end();
        }
      }
    };
  }

  /** Lets go of the file and opens its path anew, as log rotation wants it. */
  public void reopen() {
    file.reopen();
  }

  /** Writes what is there and ends. No worker may write any more. */
  @Override
  public void close() {
    file.close();
  }
}
