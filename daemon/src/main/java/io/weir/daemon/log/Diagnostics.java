package io.weir.daemon.log;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.OutputStreamAppender;
import ch.qos.logback.core.spi.ContextAwareBase;
import io.weir.daemon.cli.Terminal;
import io.weir.daemon.log.LineEncoder.Reader;
import java.time.ZoneId;
import java.util.Map;
import org.slf4j.LoggerFactory;

/**
 * Sets up logging to stderr in code; logback finds this class by its service file, before it would
 * look for a file of its own.
 */
public final class Diagnostics extends ContextAwareBase implements Configurator {
  /** What libraries say below this is of no use to an operator. */
  private static final Level LIBRARIES = Level.WARN;

  private static final String OURS = "io.weir";

  /** Warns of what it finds at every start; what becomes of a connection we say ourselves. */
  private static final String REDIS_CLIENT = "io.lettuce";

  @Override
  public ExecutionStatus configure(LoggerContext context) {
    LineEncoder encoder = new LineEncoder(reader(System.getenv()), ZoneId.systemDefault());
    encoder.setContext(context);
    encoder.start();

    OutputStreamAppender<ILoggingEvent> stderr = new OutputStreamAppender<>();
    stderr.setContext(context);
    stderr.setName("stderr");
    stderr.setEncoder(encoder);
    stderr.setOutputStream(System.err);
    stderr.start();

    Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    root.setLevel(LIBRARIES);
    root.addAppender(stderr);
    context.getLogger(REDIS_CLIENT).setLevel(Level.ERROR);
    context.getLogger(OURS).setLevel(Level.INFO);
    return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
  }

  /**
   * Shows what the daemon says from this level on.
   *
   * @param level {@code error}, {@code warn}, {@code info}, {@code debug} or {@code trace}
   */
  public static void level(String level) {
    LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
    context.getLogger(OURS).setLevel(Level.toLevel(level, Level.INFO));
  }

  /** systemd sets JOURNAL_STREAM for a process whose stderr is the journal. */
  static Reader reader(Map<String, String> environment) {
    if (environment.containsKey("JOURNAL_STREAM")) {
      return Reader.JOURNAL;
    }
    return Terminal.isWatched() ? Reader.TERMINAL : Reader.OTHER;
  }
}
