package io.weir.daemon.service;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.slf4j.LoggerFactory;

/** Keeps what a {@link Reloader} logs; lines come from any thread. */
final class ReloaderLines extends AppenderBase<ILoggingEvent> implements AutoCloseable {
  private final Queue<String> all = new ConcurrentLinkedQueue<>();
  private final Logger logger = (Logger) LoggerFactory.getLogger(Reloader.class);

  ReloaderLines() {
    start();
    logger.addAppender(this);
  }

  @Override
  protected void append(ILoggingEvent event) {
    all.add(event.getLevel() + " " + event.getFormattedMessage());
  }

  /** With their levels. */
  List<String> all() {
    return List.copyOf(all);
  }

  @Override
  public void close() {
    logger.detachAppender(this);
  }
}
