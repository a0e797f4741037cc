package io.weir.firewall.path;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.weir.firewall.testing.Luck;
import java.net.URLDecoder;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What backends make of a path, step by step: none may end below /admin where no reading does. */
class BackendPathsTest {
  private static final String[] PARTS = {
    "/", "/", "/", "%2f", "%5c", "\\", ";", "%3b", "..", "..", "%2e%2e", ".", "a", "b", "admin",
    "/admin"
  };

  /** The steps, in their order. */
  private enum Backend {
    /** Routers of many frameworks. */
    DECODES(BackendPathsTest::decoded),
    /** And normpath() of Python. */
    NGINX(BackendPathsTest::decoded, BackendPathsTest::merged, BackendPathsTest::resolved),
    IIS(
        BackendPathsTest::decoded,
        BackendPathsTest::slashed,
        BackendPathsTest::merged,
        BackendPathsTest::resolved),
    JETTY(BackendPathsTest::cut, BackendPathsTest::decoded, BackendPathsTest::resolved),
    /** With encodedSolidusHandling=decode and allowBackslash. */
    TOMCAT(
        BackendPathsTest::cut,
        BackendPathsTest::decoded,
        BackendPathsTest::slashed,
        BackendPathsTest::merged,
        BackendPathsTest::resolved),
    /** Its UrlPathHelper. */
    SPRING(BackendPathsTest::cut, BackendPathsTest::decoded, BackendPathsTest::merged),
    /** new URL(), then decodeURIComponent(). */
    NODE(BackendPathsTest::slashed, BackendPathsTest::resolvedEncoded, BackendPathsTest::decoded),
    /** normalize() of java.net.URI, then getPath(). */
    JAVA_URI(BackendPathsTest::merged, BackendPathsTest::resolved, BackendPathsTest::decoded),
    /** The same, behind something that cuts params first, or afterwards. */
    CUT_AND_URI(
        BackendPathsTest::cut,
        BackendPathsTest::merged,
        BackendPathsTest::resolved,
        BackendPathsTest::decoded),
    URI_AND_CUT(
        BackendPathsTest::merged,
        BackendPathsTest::resolved,
        BackendPathsTest::cut,
        BackendPathsTest::decoded),
    /** A file server of Windows behind a decoder that resolves dot segments. */
    FILES_OF_WINDOWS(
        BackendPathsTest::decoded,
        BackendPathsTest::merged,
        BackendPathsTest::resolved,
        BackendPathsTest::slashed),
    /** new URL() in front of a container. */
    NODE_AND_TOMCAT(
        BackendPathsTest::slashed,
        BackendPathsTest::resolvedEncoded,
        BackendPathsTest::cut,
        BackendPathsTest::decoded,
        BackendPathsTest::merged,
        BackendPathsTest::resolved);

    private final List<UnaryOperator<String>> steps;

    @SafeVarargs
    Backend(UnaryOperator<String>... steps) {
      this.steps = List.of(steps);
    }

    /** Null where it refuses. */
    private String read(String path) {
      String read = path;
      for (UnaryOperator<String> step : steps) {
        read = read == null ? null : step.apply(read);
      }
      return read;
    }
  }

  @ParameterizedTest
  @EnumSource(Backend.class)
  void whatItReadsIsMatched(Backend backend) {
    long seed = Luck.seed();
    SplittableRandom random = new SplittableRandom(seed);
    int found = 0;
    int matched = 0; // else it was refused
    for (int i = 0; i < 200_000; i++) {
      StringBuilder path = new StringBuilder("/");
      IntStream.range(0, 2 + random.nextInt(10))
          .forEach(_ -> path.append(PARTS[random.nextInt(PARTS.length)]));
      String text = path.toString();
      String read = backend.read(text);
      if (read == null || !isAdmin(read)) {
        continue;
      }
      found++;
      TargetResult result = RequestTarget.read("GET", text, PathMode.COMPATIBLE);
      if (result instanceof RequestTarget target) {
        matched++;
        assertThat(
                IntStream.range(0, target.readingCount())
                    .mapToObj(target::reading)
                    .anyMatch(BackendPathsTest::isAdmin))
            .as("seed %d: %s is %s for %s", seed, text, read, backend)
            .isTrue();
      }
    }
    assertThat(found).as("seed %d", seed).isGreaterThan(1000);
    assertThat(matched).as("seed %d, of %d", seed, found).isGreaterThan(found * 3 / 4);
  }

  private static boolean isAdmin(String path) {
    return path.equals("/admin") || path.startsWith("/admin/");
  }

  // The steps.

  private static String decoded(String path) {
    return URLDecoder.decode(path, ISO_8859_1);
  }

  private static String slashed(String path) {
    return path.replace('\\', '/');
  }

  private static final Pattern PARAMS = Pattern.compile(";[^/]*");

  private static String cut(String path) {
    return PARAMS.matcher(path).replaceAll("");
  }

  private static final Pattern SLASHES = Pattern.compile("/+");

  private static String merged(String path) {
    return SLASHES.matcher(path).replaceAll("/");
  }

  private static String resolved(String path) {
    return resolved(path, false);
  }

  private static String resolvedEncoded(String path) {
    return resolved(path, true);
  }

  private static String resolved(String path, boolean encodedToo) {
    Deque<String> kept = new ArrayDeque<>();
    String[] segments = path.substring(1).split("/", -1);
    for (int i = 0; i < segments.length; i++) {
      String segment = encodedToo ? segments[i].replace("%2e", ".") : segments[i];
      boolean last = i == segments.length - 1;
      if (segment.equals("..")) {
        if (kept.pollLast() == null) {
          return null;
        }
      } else if (!segment.equals(".")) {
        kept.add(segments[i]);
        continue;
      }
      if (last) {
        kept.add("");
      }
    }
    return "/" + String.join("/", kept);
  }
}
