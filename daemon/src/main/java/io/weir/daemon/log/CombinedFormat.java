package io.weir.daemon.log;

import io.weir.core.log.AccessRecord;
import io.weir.core.log.ConnectionRecord;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Apache's combined log format: {@code %h %l %u %t "%r" %>s %b "%{Referer}i" "%{User-agent}i"}. */
public final class CombinedFormat implements LineFormat {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("'['dd/MMM/yyyy:HH:mm:ss xx']'", Locale.ROOT);
  private static final byte[] NOBODY = LineBuffer.ascii(" - - ");

  private final SecondStamp stamp;

  public CombinedFormat(ZoneId zone) {
    stamp = new SecondStamp(TIME, zone);
  }

  @Override
  public void write(AccessRecord record, LineBuffer line) {
    line.quoted(record.client().toString());
    line.put(NOBODY).put(stamp.of(Math.floorDiv(record.startMicros(), 1_000_000L)));
    line.put(' ').put('"');
    request(record, line);
    line.put('"');
    numberOrDash(record.status(), line.put(' '));
    numberOrDash(record.bytesOut(), line.put(' '));
    header(record.requestHeader("referer"), line);
    header(record.requestHeader("user-agent"), line);
  }

  @Override
  public void write(ConnectionRecord record, LineBuffer line) {}

  /** A dash for a request line that could not be read. */
  private static void request(AccessRecord record, LineBuffer line) {
    if (record.method().isEmpty() && record.target().isEmpty()) {
      line.put('-');
      return;
    }
    line.quoted(record.method()).put(' ').quoted(record.target());
    line.put(' ').quoted(record.protocol());
  }

  /** Apache writes no zeros: a dash is a response without a body, or none at all. */
  private static void numberOrDash(long number, LineBuffer line) {
    if (number == 0) {
      line.put('-');
    } else {
      line.put(number);
    }
  }

  private static void header(@Nullable CharSequence value, LineBuffer line) {
    line.put(' ').put('"');
    if (value == null) {
      line.put('-');
    } else {
      line.quoted(value);
    }
    line.put('"');
  }
}
