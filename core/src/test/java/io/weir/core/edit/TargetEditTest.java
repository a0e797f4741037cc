package io.weir.core.edit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.re2j.Pattern;
import io.weir.firewall.path.PathMode;
import io.weir.firewall.path.RequestTarget;
import io.weir.firewall.path.TargetResult;
import java.util.HashSet;
import java.util.Set;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of paths, and which of them no spelling can lead astray. */
class TargetEditTest {
  private static final TargetEdit STRIP = new TargetEdit("/api", "", null, "");

  private final long seed = Long.getLong("seed", new SplittableRandom().nextLong());
  private final SplittableRandom random = new SplittableRandom(seed);

  private static @Nullable String apply(TargetEdit edit, String target, PathMode mode) {
    return RequestTarget.read("GET", target, mode) instanceof RequestTarget read
        ? edit.apply(read, mode)
        : null;
  }

  private static @Nullable String apply(TargetEdit edit, String target) {
    return apply(edit, target, PathMode.COMPATIBLE);
  }

  private static TargetEdit replace(String regex, String to) {
    return new TargetEdit("", "", Pattern.compile(regex), to);
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '~',
      value = {
        "/api, /",
        "/api/, /",
        "/api/x, /x",
        "/api/x/, /x/",
        "/api?a=/api/b, /?a=/api/b",
        "/api/x?, /x?",
        "/apis, /apis",
        "/x/api/y, /x/api/y",
        "//api//x, /x",
        "/./api/x, /x",
        "/y/../api/x, /x",
        "/%61pi/%78, /x",
        "/api/a%20b, /a%20b",
        "/api/%3Fx, /%3Fx",
        "/api/%C3%A9, /%C3%A9",
        "/api/a%2Fb, /a%2Fb",
        "/api/a%2fb%2fc/d, /a%2fb%2fc/d",
        "/api/@scope%2fname;v=1, /@scope%2fname;v=1",
        "/api/100%25, /100%25"
      })
  void aPrefixIsStrippedAndTheRestStaysAsItIsSpelled(String target, String expected) {
    assertThat(apply(STRIP, target)).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/api/..%2Fadmin",
        "/api/%2Fx",
        "/api/%5Cx",
        "/api/..%2fapi/x",
        "/api%2F..%2Fadmin",
        "/api%2Fx",
        "/api;v=1/x",
        "/api/..;/admin",
        "/api\\..\\admin",
        "/api/..\\admin",
        "/api/%252e%252e/admin",
        "//api/a%2Fb"
      })
  void whatCouldBeReadAsSomethingThatNoRuleWasAskedAboutIsRefused(String target) {
    assertThat(apply(STRIP, target)).isNull();
  }

  /** Whatever a backend makes of the edited path, rules were asked about it under the prefix. */
  @RepeatedTest(4000)
  void noSpellingLeadsAstray() {
    PathMode mode = random.nextBoolean() ? PathMode.COMPATIBLE : PathMode.STRICT;
    String[] parts = {"/", "/", "api", "x", "..", ".", "%2F", "%5C", "\\", ";", "%61pi", "%252F"};
    StringBuilder text = new StringBuilder(random.nextInt(4) > 0 ? "/api/" : "/");
    for (int i = random.nextInt(7); i > 0; i--) {
      text.append(parts[random.nextInt(parts.length)]);
    }
    String target = text.toString();
    TargetResult read = RequestTarget.read("GET", target, mode);
    if (!(read instanceof RequestTarget before)) {
      return;
    }
    String edited = STRIP.apply(before, mode);
    if (edited == null) {
      return;
    }
    Set<String> asked = readings(before);
    RequestTarget after = (RequestTarget) RequestTarget.read("GET", edited, PathMode.COMPATIBLE);
    for (String reading : readings(after)) {
      assertThat(
              asked.contains(reading)
                  || asked.contains("/api" + reading)
                  || (reading.equals("/") && asked.contains("/api")))
          .as("seed %d: %s became %s, read as %s", seed, target, edited, reading)
          .isTrue();
    }
  }

  private static Set<String> readings(RequestTarget target) {
    Set<String> readings = new HashSet<>();
    for (int i = 0; i < target.readingCount(); i++) {
      readings.add(target.reading(i));
    }
    return readings;
  }

  @Test
  void aPrefixIsPutBeforeWhatIsLeft() {
    TargetEdit both = new TargetEdit("/old", "/new", null, "");
    assertThat(apply(both, "/old/x?q")).isEqualTo("/new/x?q");
    assertThat(apply(both, "/old")).isEqualTo("/new/");
    assertThat(apply(new TargetEdit("", "/v1", null, ""), "/x")).isEqualTo("/v1/x");
  }

  @Test
  void anExpressionIsReplacedByWhatItsGroupsFound() {
    TargetEdit photos = replace("^/user/([0-9]+)/photo$", "/photos/$1.jpg");
    assertThat(apply(photos, "/user/12/photo?size=3")).isEqualTo("/photos/12.jpg?size=3");
    assertThat(apply(photos, "//user/%31%32/photo")).isEqualTo("/photos/12.jpg");
    assertThat(apply(photos, "/user/x/photo")).isEqualTo("/user/x/photo");
    assertThat(apply(replace("\\.php", ""), "/a.php/b.php")).isEqualTo("/a/b");
    assertThat(apply(replace("^/", ""), "/x")).as("a path begins with a slash").isEqualTo("/x");
    assertThat(apply(replace("^/x", "//evil.test"), "/x")).isEqualTo("/evil.test");
  }

  @Test
  void noClientMakesDotSegmentsOutOfAnExpression() {
    TargetEdit join = replace("^/join/([^/]*)/([^/]*)/(.*)$", "/x/$1$2/$3");
    assertThat(apply(join, "/join/a/b/c")).isEqualTo("/x/ab/c");
    assertThat(apply(join, "/join/%2e/%2e/c")).as("dots are gone before").isNotEqualTo("/x/../c");
    assertThat(apply(replace("-", ""), "/x/.-./.-./y")).isNull();
    assertThat(apply(replace("-", ""), "/x/.-./y")).isEqualTo("/y");
  }

  @Test
  void inModeOffThePathIsEditedAsItCame() {
    assertThat(apply(STRIP, "/api/..%2Fx", PathMode.OFF)).isEqualTo("/..%2Fx");
    assertThat(apply(STRIP, "//api/x", PathMode.OFF)).isEqualTo("//api/x");
    assertThat(apply(STRIP, "/api//x", PathMode.OFF)).isEqualTo("/x");
  }

  @Test
  void inModeStrictTheCanonicalPathIsEdited() {
    assertThat(apply(STRIP, "//%61pi/x/../y", PathMode.STRICT)).isEqualTo("/y");
  }

  @ParameterizedTest
  @CsvSource({
    "/api/a%2Fb, /a%2Fb",
    "/api/a%2fb?q=%2f?, /a%2Fb?q=%2f?",
    "//api/x/../%61%2fb/, /a%2Fb/",
    "/x%2Fy, /x%2Fy",
    "/api/x%2Fy/../z, /z",
    "/api/..%2Fadmin,",
    "/api/%2Fx,",
    "/api%2Fx,"
  })
  void inModeStrictAnEncodedSlashThatIsKeptStays(String target, @Nullable String expected) {
    assertThat(apply(STRIP, target, PathMode.STRICT)).isEqualTo(expected);
  }

  @Test
  void inModeStrictAnExpressionMakesNothingOfAnEncodedSlashThatNoRuleWasAskedAbout() {
    assertThat(apply(replace("%2F", "/"), "/a%2Fb", PathMode.STRICT)).isEqualTo("/a/b");
    assertThat(apply(replace("%2F", "-"), "/a%2Fb", PathMode.STRICT)).isNull();
    assertThat(apply(replace("^/a/", "/b/"), "/a/x%2fy", PathMode.STRICT)).isEqualTo("/b/x%2Fy");
    assertThat(apply(replace("-", "%2F"), "/a-b", PathMode.STRICT)).isNull();
    assertThat(apply(replace("-", ""), "/x/.-./a%2Fb", PathMode.STRICT)).isNull();
  }

  @Test
  void theAsteriskStaysWhatItIs() {
    RequestTarget all = (RequestTarget) RequestTarget.read("OPTIONS", "*", PathMode.COMPATIBLE);
    assertThat(new TargetEdit("/a", "/b", null, "").apply(all, PathMode.COMPATIBLE)).isEqualTo("*");
  }

  @Test
  void prefixesAreSpelledAsPathsAre() {
    assertThat(TargetEdit.prefix("/api/")).isEqualTo("/api");
    assertThat(TargetEdit.prefix("/caf\u00e9/%7Ex")).isEqualTo("/caf%C3%A9/~x");
    for (String wrong : new String[] {"", "/", "api", "/a?b", "/a#b", "/a%2Fb", "/..", "/a b"}) {
      assertThatThrownBy(() -> TargetEdit.prefix(wrong))
          .as(wrong)
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("(expected: a path, like /api)");
    }
    TargetEdit cafe = new TargetEdit(TargetEdit.prefix("/caf\u00e9"), "", null, "");
    assertThat(apply(cafe, "/caf%c3%a9/x")).isEqualTo("/x");
  }
}
