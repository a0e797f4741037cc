package io.weir.daemon.log;

import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;

/** A second as text, made once for all the lines that begin in it. One thread's. */
final class SecondStamp {
  private final DateTimeFormatter format;
  private long second = Long.MIN_VALUE;
  private byte[] text = {};

  SecondStamp(DateTimeFormatter format, ZoneId zone) {
    this.format = format.withZone(zone);
  }

  byte[] of(long epochSecond) {
    if (epochSecond != second) {
      second = epochSecond;
      text = LineBuffer.ascii(format.format(Instant.ofEpochSecond(epochSecond)));
    }
    return text;
  }
}
