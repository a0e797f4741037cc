package io.weir.core.worker;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** The Date field line, made once a second (RFC 9110 section 5.6.7). Confined to its loop. */
public final class HttpDate {
  private static final DateTimeFormatter IMF_FIXDATE =
      DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ENGLISH)
          .withZone(ZoneOffset.UTC);

  private final Clock clock;
  private long second = Long.MIN_VALUE;
  private byte[] line = new byte[0];

  HttpDate(Clock clock) {
    this.clock = clock;
  }

  /** {@code Date: ...} with its CRLF; the array is not to be changed. */
  public byte[] line() {
    long now = Math.floorDiv(clock.epochMillis(), 1000L);
    if (now != second) {
      second = now;
      String text = "Date: " + IMF_FIXDATE.format(Instant.ofEpochSecond(now)) + "\r\n";
      line = text.getBytes(StandardCharsets.US_ASCII);
    }
    return line;
  }
}
