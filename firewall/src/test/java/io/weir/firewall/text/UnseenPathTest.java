package io.weir.firewall.text;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.firewall.config.StringPattern;
import io.weir.firewall.path.PathMode;
import io.weir.firewall.path.PathText;
import io.weir.firewall.path.RequestTarget;
import io.weir.firewall.testing.Luck;
import io.weir.firewall.text.UnseenPath.Reader;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Patterns of which it is said that no path matches them, against the reading of paths itself. */
class UnseenPathTest {
  /** Few of them, so that random patterns and random targets meet. */
  private static final List<String> PIECES =
      List.of("/", "/", "a", ".", "..", "%2e", "%2F", ";", "%5C", "%25", "%2525", "%01", "2e");

  @Test
  void whatIsSaidToMatchNothingMatchesNothing() {
    long seed = Luck.seed();
    SplittableRandom random = new SplittableRandom(seed);
    int unseen = 0;
    int matched = 0;
    for (int i = 0; i < 20_000; i++) {
      PathMode mode = random.nextBoolean() ? PathMode.STRICT : PathMode.COMPATIBLE;
      Reader reader = random.nextBoolean() ? Reader.RULE : Reader.ROUTE;
      boolean keepsSlash = random.nextBoolean();
      StringPattern pattern = pattern(random);
      boolean never = UnseenPath.of(pattern, mode, reader, keepsSlash) != null;
      unseen += never ? 1 : 0;
      for (int j = 0; j < 20; j++) {
        String target = "/" + text(random);
        boolean matches = matches(pattern, target, mode, reader, keepsSlash);
        matched += matches ? 1 : 0;
        assertThat(never && matches)
            .as(
                "%s matches %s, %s, %s, %s, seed %d",
                pattern, target, mode, reader, keepsSlash, seed)
            .isFalse();
      }
    }
    assertThat(unseen).as("patterns that match nothing").isGreaterThan(1_000);
    assertThat(matched).as("targets that match").isGreaterThan(1_000);
  }

  @Test
  void aQuestionMarkIsInPathsThatAreDecodedOnly() {
    for (String text : List.of("/a?b", "/a#b")) {
      StringPattern pattern = new StringPattern.Exact(text);
      String target = text.replace("?", "%3F").replace("#", "%23");
      for (PathMode mode : List.of(PathMode.STRICT, PathMode.COMPATIBLE)) {
        assertThat(UnseenPath.of(pattern, mode, Reader.RULE, false))
            .as("%s, %s", text, mode)
            .isNull();
        assertThat(matches(pattern, target, mode, Reader.RULE, false))
            .as("%s, %s", text, mode)
            .isTrue();
      }
      assertThat(UnseenPath.of(pattern, PathMode.OFF, Reader.RULE, false)).as(text).isNotNull();
      assertThat(matches(pattern, target, PathMode.OFF, Reader.RULE, false)).as(text).isFalse();
    }
  }

  @Test
  void everyOtherExactPathThatIsServedMatchesItself() {
    long seed = Luck.seed();
    SplittableRandom random = new SplittableRandom(seed);
    for (int i = 0; i < 50_000; i++) {
      PathMode mode = random.nextBoolean() ? PathMode.STRICT : PathMode.COMPATIBLE;
      String path = "/" + text(random);
      StringPattern pattern = new StringPattern.Exact(path);
      boolean served = RequestTarget.read("GET", path, mode) instanceof RequestTarget;
      if (served && UnseenPath.of(pattern, mode, Reader.ROUTE, true) == null) {
        assertThat(matches(pattern, path, mode, Reader.ROUTE, true))
            .as("%s, %s, seed %d", path, mode, seed)
            .isTrue();
      }
    }
  }

  @Test
  void nothingIsSaidWherePathsAreTakenAsTheyCome() {
    StringPattern pattern = new StringPattern.Exact("/a//../b");
    assertThat(UnseenPath.of(pattern, PathMode.OFF, Reader.ROUTE, false)).isNull();
    assertThat(matches(pattern, "/a//../b", PathMode.OFF, Reader.ROUTE, false)).isTrue();
  }

  @Test
  void aSegmentCountsOnlyWhereBothItsEndsAreKnown() {
    assertThat(
            UnseenPath.of(new StringPattern.Contains("../"), PathMode.STRICT, Reader.RULE, false))
        .isNull();
    assertThat(UnseenPath.of(new StringPattern.Prefix("/a/."), PathMode.STRICT, Reader.RULE, false))
        .isNull();
    assertThat(UnseenPath.of(new StringPattern.Suffix("/.."), PathMode.STRICT, Reader.RULE, false))
        .isNotNull();
  }

  @Test
  void anEncodedSlashIsSeenWhereARouteKeepsIt() {
    StringPattern pattern = new StringPattern.Exact("/a%2fb");
    for (Reader reader : Reader.values()) {
      UnseenPath unseen = UnseenPath.of(pattern, PathMode.STRICT, reader, false);
      assertThat(unseen).isNotNull();
      assertThat(unseen.hint()).isEqualTo("a route with encoded_slash: keep takes %2F");
      assertThat(UnseenPath.of(pattern, PathMode.STRICT, reader, true)).isNull();
    }
    StringPattern dots = new StringPattern.Contains("/../"); // of /a%2F..%2Fb
    assertThat(UnseenPath.of(dots, PathMode.STRICT, Reader.RULE, true)).isNull();
    assertThat(UnseenPath.of(dots, PathMode.STRICT, Reader.ROUTE, true)).isNotNull();
  }

  private static boolean matches(
      StringPattern pattern, String target, PathMode mode, Reader reader, boolean keepsSlash) {
    if (!(RequestTarget.read("GET", target, mode) instanceof RequestTarget read)
        || (mode == PathMode.STRICT && read.hasEncodedSlash() && !keepsSlash)) {
      return false;
    }
    int readings = reader == Reader.ROUTE ? 1 : read.readingCount();
    for (int i = 0; i < readings; i++) {
      if (matches(pattern, read.reading(i), mode)) {
        return true;
      }
    }
    return false;
  }

  private static boolean matches(StringPattern pattern, String path, PathMode mode) {
    return switch (pattern) {
      case StringPattern.Exact(String text) -> path.equals(PathText.pattern(text, mode));
      case StringPattern.Prefix(String text) -> path.startsWith(PathText.pattern(text, mode));
      case StringPattern.Suffix(String text) -> path.endsWith(PathText.pattern(text, mode));
      case StringPattern.Contains(String text) -> path.contains(PathText.pattern(text, mode));
      case StringPattern.Below(String text) ->
          (path + "/").startsWith(PathText.pattern(text, mode) + "/");
      default -> throw new AssertionError(pattern);
    };
  }

  private static StringPattern pattern(SplittableRandom random) {
    String text = text(random);
    return switch (random.nextInt(5)) {
      case 0 -> new StringPattern.Exact("/" + text);
      case 1 -> new StringPattern.Prefix("/" + text);
      case 2 -> new StringPattern.Suffix(text);
      case 3 -> new StringPattern.Contains(text);
      default -> new StringPattern.Below(text.endsWith("/") ? "/" + text + "a" : "/" + text + "b");
    };
  }

  private static String text(SplittableRandom random) {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(1, 5); i > 0; i--) {
      text.append(PIECES.get(random.nextInt(PIECES.size())));
    }
    return text.toString();
  }
}
