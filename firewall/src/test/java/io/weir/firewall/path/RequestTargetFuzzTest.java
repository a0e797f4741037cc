package io.weir.firewall.path;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Request-targets, whatever their bytes: read or refused, and what was read is stable. */
class RequestTargetFuzzTest {
  /** More readings than any target may have. */
  private static final int MANY = 64;

  @TestFactory
  Stream<DynamicTest> everyKnownInput() throws IOException {
    return Files.list(Path.of("src/test/fuzz/RequestTarget"))
        .sorted()
        .map(file ->
            DynamicTest.dynamicTest(
                file.getFileName().toString(), () -> fuzzerTestOneInput(Files.readAllBytes(file))));
  }

  public static void fuzzerTestOneInput(byte[] input) {
    String target = new String(input, ISO_8859_1);
    for (String method : List.of("GET", "OPTIONS")) {
      for (PathMode mode : PathMode.values()) {
        if (RequestTarget.read(method, target, mode) instanceof RequestTarget read) {
          isSane(method, read, mode);
        }
      }
    }
  }

  private static void isSane(String method, RequestTarget read, PathMode mode) {
    assertThat(read.readingCount()).isLessThan(MANY);
    if (mode == PathMode.OFF || read.isAsterisk()) {
      return;
    }
    assertThat(read.path()).startsWith("/").doesNotContain("//").doesNotContain("/../");
    assertThat(("/" + read.path() + "/").replace("//", "/")).doesNotContain("/./");
    // The canonical path is a target whose canonical path it is.
    assertThat(RequestTarget.read(method, escaped(read.path()), mode))
        .isInstanceOfSatisfying(
            RequestTarget.class, again -> assertThat(again.path()).isEqualTo(read.path()));
    if (mode == PathMode.STRICT) {
      assertThat(RequestTarget.read(method, read.forwarded(), mode))
          .isInstanceOfSatisfying(
              RequestTarget.class,
              again -> assertThat(again.forwarded()).isEqualTo(read.forwarded()));
      assertThat(read.readingCount() == 1 || read.hasEncodedSlash()).isTrue();
      // Whatever a backend makes of what is forwarded was matched.
      assertThat(RequestTarget.read(method, read.forwarded(), PathMode.COMPATIBLE))
          .isInstanceOfSatisfying(
              RequestTarget.class, sent -> assertThat(readings(sent)).isEqualTo(readings(read)));
    }
  }

  private static Set<String> readings(RequestTarget target) {
    Set<String> readings = new HashSet<>(target.readings());
    readings.add(target.path());
    return readings;
  }

  /** As it would be written in a request: what the canonical path has decoded is escaped again. */
  private static String escaped(String path) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < path.length(); i++) {
      char c = path.charAt(i);
      boolean plain = c > ' ' && c < 0x7f && c != '?' && c != '#';
      text.append(plain ? String.valueOf(c) : "%%%02X".formatted((int) c));
    }
    return text.toString();
  }
}
