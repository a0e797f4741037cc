package io.weir.daemon.log;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.encoder.EncoderBase;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** The daemon's own words, one event a line, as the reader of stderr likes them. */
final class LineEncoder extends EncoderBase<ILoggingEvent> {
  private static final DateTimeFormatter CLOCK =
      DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT);
  private static final DateTimeFormatter RFC_3339 =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT);

  /** Who reads stderr. */
  enum Reader {
    /** A person: the time of day is enough. */
    TERMINAL,
    /** The journal, which has its own clock and wants a priority (sd-daemon(3)). */
    JOURNAL,
    /** A file or a pipe. */
    OTHER
  }

  private final Reader reader;
  private final ZoneId zone;

  LineEncoder(Reader reader, ZoneId zone) {
    this.reader = reader;
    this.zone = zone;
  }

  @Override
  public byte[] encode(ILoggingEvent event) {
    StringBuilder line = new StringBuilder(160);
    String start = start(event);
    line.append(start);
    escaped(event.getFormattedMessage(), line);
    line.append('\n');
    IThrowableProxy thrown = event.getThrowableProxy();
    if (thrown != null) {
      // Only our own bugs carry an exception; each line of the trace is a line of its own.
      for (String row : ThrowableProxyUtil.asString(thrown).split("\n", -1)) {
        if (!row.isBlank()) {
          line.append(start);
          escaped(row.replace("\t", "    ").stripTrailing(), line);
          line.append('\n');
        }
      }
    }
    return line.toString().getBytes(StandardCharsets.UTF_8);
  }

  private String start(ILoggingEvent event) {
    String level = event.getLevel().toString().toLowerCase(Locale.ROOT);
    Instant time = event.getInstant();
    return switch (reader) {
      case TERMINAL -> "%s %-5s ".formatted(CLOCK.format(time.atZone(zone)), level);
      case JOURNAL -> "<" + priority(event.getLevel()) + ">";
      case OTHER -> "%s %-5s ".formatted(RFC_3339.format(time.atZone(ZoneOffset.UTC)), level);
    };
  }

  /** The priorities of syslog(3). */
  private static int priority(Level level) {
    return switch (level.toInt()) {
      case Level.ERROR_INT -> 3;
      case Level.WARN_INT -> 4;
      case Level.INFO_INT -> 6;
      default -> 7;
    };
  }

  /** What strangers sent must not begin a new line nor speak to the terminal. */
  private static void escaped(String message, StringBuilder line) {
    for (int i = 0; i < message.length(); i++) {
      char c = message.charAt(i);
      if (Character.isISOControl(c)) {
        line.append("\\u%04x".formatted((int) c));
      } else {
        line.append(c);
      }
    }
  }

  @Override
  public byte[] headerBytes() {
    return new byte[0];
  }

  @Override
  public byte[] footerBytes() {
    return new byte[0];
  }
}
