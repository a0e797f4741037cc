package io.weir.core.http2;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Whole connections of HTTP/2 to a backend, whatever it sends and whatever becomes of the requests
 * meanwhile: nothing is thrown past their handler, every request ends once, what is sent is in
 * order, and when a connection is gone so is all that it held.
 */
class Http2BackendFuzzTest {
  @TestFactory
  Stream<DynamicTest> everyKnownInput() throws IOException {
    return Files.list(Path.of("src/test/fuzz/Http2Backend"))
        .sorted()
        .map(file ->
            DynamicTest.dynamicTest(
                file.getFileName().toString(), () -> fuzzerTestOneInput(Files.readAllBytes(file))));
  }

  /** How the connection begins and ends, and then one {@link FuzzedUpstream} step after another. */
  public static void fuzzerTestOneInput(byte[] input) {
    if (input.length == 0) {
      return;
    }
    FuzzedUpstream upstream = new FuzzedUpstream(input);
    upstream.opens();
    while (upstream.goesOn()) {
      upstream.step();
      assertThat(upstream.held()).as("bytes that are held").isLessThan(upstream.mayHold());
    }
    upstream.ends();
  }
}
