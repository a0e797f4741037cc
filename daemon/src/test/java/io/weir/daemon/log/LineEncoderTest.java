package io.weir.daemon.log;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import io.weir.daemon.log.LineEncoder.Reader;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class LineEncoderTest {
  private static final Logger LOGGER = new LoggerContext().getLogger("io.weir.Some");

  private static String encoded(
      Reader reader, Level level, String message, @Nullable Throwable thrown) {
    LoggingEvent event = new LoggingEvent("", LOGGER, level, message, thrown, null);
    event.setInstant(Instant.parse("2026-11-22T06:15:36.042Z"));
    LineEncoder encoder = new LineEncoder(reader, ZoneId.of("Europe/Berlin"));
    return new String(encoder.encode(event), StandardCharsets.UTF_8);
  }

  @Test
  void eachReaderGetsWhatHeNeeds() {
    assertThat(encoded(Reader.TERMINAL, Level.INFO, "hello", null))
        .isEqualTo("07:15:36 info  hello\n");
    assertThat(encoded(Reader.OTHER, Level.ERROR, "hello", null))
        .isEqualTo("2026-11-22T06:15:36.042Z error hello\n");
  }

  @Test
  void theJournalGetsPriorities() {
    assertThat(encoded(Reader.JOURNAL, Level.ERROR, "a", null)).isEqualTo("<3>a\n");
    assertThat(encoded(Reader.JOURNAL, Level.WARN, "a", null)).isEqualTo("<4>a\n");
    assertThat(encoded(Reader.JOURNAL, Level.INFO, "a", null)).isEqualTo("<6>a\n");
    assertThat(encoded(Reader.JOURNAL, Level.DEBUG, "a", null)).isEqualTo("<7>a\n");
    assertThat(Diagnostics.reader(Map.of("JOURNAL_STREAM", "8:1234"))).isEqualTo(Reader.JOURNAL);
  }

  @Test
  void nothingBeginsALineOfItsOwnOrSpeaksToTheTerminal() {
    assertThat(encoded(Reader.TERMINAL, Level.INFO, "a\nfake info \u001b[31mred", null))
        .isEqualTo("07:15:36 info  a\\u000afake info \\u001b[31mred\n");
  }

  @Test
  void aTraceIsOneEventPerLine() {
    String text = encoded(Reader.JOURNAL, Level.ERROR, "bug", new IllegalStateException("why"));
    assertThat(text.lines().toList())
        .startsWith("<3>bug", "<3>java.lang.IllegalStateException: why")
        .allMatch(line -> line.startsWith("<3>"))
        .anyMatch(line -> line.contains("at io.weir.daemon.log.LineEncoderTest"));
  }
}
