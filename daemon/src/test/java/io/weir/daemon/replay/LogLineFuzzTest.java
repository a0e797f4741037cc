package io.weir.daemon.replay;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Lines of access logs, whatever their bytes: read or passed over, never thrown at, and read the
 * same whatever line came before.
 */
class LogLineFuzzTest {
  private static final LogParser COMBINED = new CombinedParser();
  private static final LogParser JSON = new JsonLogParser();

  @TestFactory
  Stream<DynamicTest> everyKnownInput() throws IOException {
    return Files.list(Path.of("src/test/fuzz/LogLine"))
        .sorted()
        .map(file ->
            DynamicTest.dynamicTest(
                file.getFileName().toString(), () -> fuzzerTestOneInput(Files.readAllBytes(file))));
  }

  public static void fuzzerTestOneInput(byte[] input) {
    String line = new String(input, ISO_8859_1);
    check(line, COMBINED, new CombinedParser());
    check(line, JSON, new JsonLogParser());
    assertThat(LogParser.forLine(line)).isNotNull();
  }

  private static void check(String line, LogParser used, LogParser fresh) {
    LoggedRequest request = used.parse(line);
    assertThat(String.valueOf(request)).isEqualTo(String.valueOf(fresh.parse(line)));
    if (request == null) {
      return;
    }
    assertThat(request.status()).isBetween(0, 999);
    assertThat(request.durationMicros()).isGreaterThanOrEqualTo(-1);
  }
}
