package io.weir.core.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.util.internal.logging.InternalLoggerFactory;
import io.netty.util.internal.logging.JdkLoggerFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/**
 * Fails a test class in which an exception or a message reached the end of a pipeline: nobody had
 * thought of it, and Netty logs a stack trace for each, as often as a client likes.
 */
public final class TailWatch {
  /** Kept, since the logging of the JDK forgets loggers that nobody holds. */
  private static final Logger PIPELINES =
      Logger.getLogger("io.netty.channel.DefaultChannelPipeline");

  private static final Queue<String> FOUND = new ConcurrentLinkedQueue<>();

  private TailWatch() {}

  /** Listens from now on; before the first use of Netty. */
  public static void install() {
    InternalLoggerFactory.setDefaultFactory(JdkLoggerFactory.INSTANCE);
    PIPELINES.addHandler(new Recorder());
  }

  /** Fails with what reached an end since the last call. */
  public static void findsNothing() {
    List<String> found = new ArrayList<>();
    for (String one; (one = FOUND.poll()) != null; ) {
      found.add(one);
    }
    assertThat(found).as("what reached the end of a pipeline").isEmpty();
  }

  private static final class Recorder extends Handler {
    @Override
    public void publish(LogRecord entry) {
      if (entry.getLevel().intValue() >= Level.WARNING.intValue()) {
        FOUND.add(entry.getMessage() + " " + entry.getThrown());
      }
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
  }
}
