package io.weir.core.testkit;

import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** What one logger of the library warns of, until it is closed. */
public final class LogWatch implements AutoCloseable {
  private final Logger logger; // held, since the logging of the JDK forgets those that nobody holds
  private final Queue<String> found = new ConcurrentLinkedQueue<>();
  private final Handler recorder =
      new Handler() {
        @Override
        public void publish(LogRecord entry) {
          if (entry.getLevel().intValue() >= Level.WARNING.intValue()) {
            found.add(entry.getMessage());
          }
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
      };

  private LogWatch(Logger logger) {
    this.logger = logger;
  }

  public static LogWatch of(String name) {
    LogWatch watch = new LogWatch(Logger.getLogger(name));
    watch.logger.addHandler(watch.recorder);
    return watch;
  }

  public List<String> warnings() {
    return List.copyOf(found);
  }

  @Override
  public void close() {
    logger.removeHandler(recorder);
  }
}
