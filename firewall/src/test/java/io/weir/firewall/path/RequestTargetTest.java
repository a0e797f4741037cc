package io.weir.firewall.path;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.firewall.testing.Luck;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class RequestTargetTest {
  private static TargetResult read(String target, PathMode mode) {
    return RequestTarget.read("GET", target, mode);
  }

  private static RequestTarget compatible(String target) {
    return (RequestTarget) read(target, PathMode.COMPATIBLE);
  }

  private static List<String> allReadings(RequestTarget target) {
    List<String> all = new ArrayList<>();
    for (int i = 0; i < target.readingCount(); i++) {
      all.add(target.reading(i));
    }
    return all;
  }

  private static boolean isAdmin(String path) {
    return path.equals("/admin") || path.startsWith("/admin/");
  }

  /** Spellings that some backend takes for a path at or below /admin. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "/admin",
        "/admin/",
        "/admin/users",
        "//admin/users",
        "///admin",
        "/./admin/users",
        "/././admin",
        "/x/../admin/users",
        "/x/y/../../admin",
        "/x/%2e%2e/admin",
        "/x/.%2e/admin",
        "/x/%2E%2E/admin/users",
        "/%2e/admin",
        "/%61dmin",
        "/%61%64%6d%69%6e/users",
        "/a%64min?x=1",
        "/admin%2Fusers",
        "/admin%2fusers",
        "/admin%5Cusers",
        "/admin%5cusers",
        "/admin\\users",
        "/\\admin",
        "/x%2F..%2Fadmin",
        "/x/..%2fadmin",
        "/x/%2e%2e%2fadmin",
        "/x\\..\\admin",
        "/x/..\\admin",
        "/x%5c..%5cadmin",
        "/%2Fadmin",
        "/%5cadmin",
        "/admin;x",
        "/admin;x=y/users",
        "/admin;a=b/",
        "/;x/admin",
        "/x/..;/admin",
        "/x/..;a=b/admin",
        "/x/%2e%2e;/admin",
        "/admin%3Bx",
        "/admin%3bx=1/users",
        "/x;a/../admin",
        "/%2561dmin",
        "/%25%36%31dmin",
        "/%252561dmin",
        "/%%361dmin",
        "/admin%%32Fusers",
        "/admin%252Fusers",
        "/x/%252e%252e/admin",
        "/x/%252e%252e%252fadmin",
        "/x%252F..%252Fadmin",
        "/admin%253Bx/users",
        "/x/%c0%ae%c0%ae/admin",
        "/admin%c0%afusers",
        "/admin%C0%AFusers",
        "/admin%e0%80%afusers",
        "/admin%f0%80%80%afusers",
        "/admin%c1%9cusers",
        "/%c1%a1dmin",
        "/admin\u00c0\u00afusers",
        "/admin%ef%bc%8fusers",
        "/x/%ef%bc%8e%ef%bc%8e/admin",
        "/%ef%bd%81dmin",
        "/%u0061dmin",
        "/%u0061%u0064min/x",
        "/admin%u002fusers",
        "/admin%u2215x/../../admin",
        "/ad%min",
        "/ad%min/%zz",
        "/admin%09;x=y",
        "/admin%20",
        "/admin%09",
        "/admin%20%20",
        "/admin/users/..%20",
        "/admin/x%20",
        "/x/../admin%20",
        "/admin;x%20",
        "/admin%20;x",
        "/x//../../admin",
        "/admin//..",
        "/admin/../public",
        "/admin/%2e%2e/public",
        "//x/admin",
        "//x/admin/users",
        "/\\x/admin",
        "/%5cx/admin",
        "/%2fx/admin",
        "/x/y/%2e%2e/../admin",
        "/y/x;%2fz/..%2f..%2fadmin",
        "/y/x;%5cz/..%5c..%5cadmin",
        "/y/x;\\z/..\\..\\admin",
        "/x%2fy/../admin%2fusers",
        "/x%2fy/%2e%2e/admin%2fusers",
        "/x%5cy/../admin%5cusers",
        "/x\\y/../admin\\users",
        "/x%c0%afy/../admin%c0%afusers",
        "/x%252fy/../admin%252fusers",
        "http://foobar.com/admin",
        "http://foobar.com//admin",
        "HTTP://foobar.com/x/../admin?q",
        "https://foobar.com/%61dmin",
      })
  void noSpellingOfThePathHidesIt(String target) {
    TargetResult result = read(target, PathMode.COMPATIBLE);
    if (result == TargetProblem.ABOVE_ROOT) {
      return; // answered with 400: not hidden either
    }
    RequestTarget read = (RequestTarget) result;
    assertThat(allReadings(read)).as(target).anyMatch(RequestTargetTest::isAdmin);
  }

  /** Spellings that begin as something allowed and are something else for some backend. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "/public/../admin",
        "/public/%2e%2e/admin",
        "/public/..%2fadmin",
        "/public/..%5cadmin",
        "/public/..\\admin",
        "/public/..;/admin",
        "/public/..;x=y/admin",
        "/public/%252e%252e/admin",
        "/public/%252e%252e%252fadmin",
        "/public/..%252fadmin",
        "/public/%c0%ae%c0%ae/admin",
        "/public/%c0%ae%c0%ae%c0%afadmin",
        "/public/%ef%bc%8e%ef%bc%8e/admin",
        "/public/%u002e%u002e/admin",
        "/public/.%.%/admin",
        "/public//../admin",
        "/public/x/../../admin",
        "/public/..%20",
        "//public/admin",
        "/\\public/admin",
        "/public%2f..%2fadmin",
      })
  void whatIsAllowedIsNotAWayAroundTheRest(String target) {
    TargetResult result = read(target, PathMode.COMPATIBLE);
    if (result instanceof RequestTarget read) {
      assertThat(allReadings(read)).as(target).anyMatch(path -> !path.startsWith("/public/"));
    } else {
      assertThat(result).as(target).isEqualTo(TargetProblem.ABOVE_ROOT);
    }
  }

  /** Targets of real applications: they pass, and are forwarded as they came. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "/",
        "/index.html",
        "/a/b/c.d/e..f/...",
        "/.well-known/acme-challenge/x-_~",
        "/.../x",
        "/api/v4/projects/group%2Fsub%2Fproject/repository/files/src%2Fmain.c/raw?ref=main",
        "/buckets/my%2Fkey%2Fname",
        "/wiki/Z%C3%BCrich",
        "/wiki/%E6%97%A5%E6%9C%AC%E8%AA%9E",
        "/wiki/\u00c3\u00bc",
        "/caf%E9/menu",
        "/emoji/%F0%9F%98%80",
        "/search/c%2B%2B/a+b",
        "/mail/joe%40foobar.com/x:y@z,w",
        "/calc/1=1&2=2;3!$'()*",
        "/cars;color=red;year=2012/list",
        "/app;jsessionid=ABC123",
        "/odata/People('russell%27s')/$value",
        "/files/My%20Documents/a%20b.txt",
        "/files/100%25",
        "/files/100%25%20off",
        "/proxy/http://foobar.com/x",
        "/proxy/http%3A%2F%2Ffoobar.com%2Fx%3Fa%3Db%23c",
        "/proxy/http%253A%252F%252Ffoobar.com%252Fx",
        "/a//b",
        "/static/js/../css/site.css",
        "/x?a=%2F..%2F&b=%00&c=../..&d=//&e=%zz",
        "/x?",
        "/x??a=b/?",
        "/%7Euser/",
        "/tags/c%23",
        "/matrix;a=1/b;c=2?x",
        "/\"quoted\"/<x>|y^`{}",
        "/%ED%95%9C%EA%B8%80/%EF%BC%A1",
        "/tab%09inside",
        "/50%off",
        "/Thing%5Cother",
      })
  void harmlessTargetsPassUnchanged(String target) {
    RequestTarget read = compatible(target);
    assertThat(read.forwarded()).isEqualTo(target);
    assertThat(allReadings(read)).noneMatch(RequestTargetTest::isAdmin);
  }

  @ParameterizedTest
  @CsvSource({
    "/a/b, /a/b",
    "/%61/%7e%2D%2e%5F, /a/~-._",
    "/a//b///c, /a/b/c",
    "/a/./b/../c, /a/c",
    "/a/b/.., /a/",
    "/a/b/., /a/b/",
    "/a/.., /",
    "/a%2fb, /a%2Fb",
    "/a%5cb, /a%5Cb",
    "/a%25b, /a%25b",
    "/it%27s, /it's",
    "/a%20b, /a b",
    "/a%3Fb%23c, /a?b#c",
    "/a;b, /a;b",
    "//, /",
    "/..., /...",
    "/a/%2e%2E/b, /b",
  })
  void theCanonicalPath(String target, String path) {
    assertThat(compatible(target).path()).isEqualTo(path);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/a/b", "/a/b.c?d=e", "/", "/a-b_c~d/e:f@g!$&'()*+,=", "/a../b.c/d..e"})
  void aPlainPathHasOneReadingAndIsNotCopied(String target) {
    RequestTarget read = compatible(target);
    assertThat(read.readingCount()).isEqualTo(1);
    assertThat(read.forwarded()).isSameAs(target);
    if (read.query() == null) {
      assertThat(read.path()).isSameAs(target);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "/%00, CONTROL",
    "/a%00b, CONTROL",
    "/a%2500, CONTROL",
    "/a%c0%80, CONTROL",
    "/a%0ab, CONTROL",
    "/a%0d%0ab, CONTROL",
    "/a%7f, CONTROL",
    "/a%1fb, CONTROL",
    "/.., ABOVE_ROOT",
    "/../x, ABOVE_ROOT",
    "/a/../../b, ABOVE_ROOT",
    "/a/..//../b, ABOVE_ROOT",
    "/%2e%2e/b, ABOVE_ROOT",
    "/..%2fb, ABOVE_ROOT",
    "/..;/b, ABOVE_ROOT",
    "/%252e%252e/b, ABOVE_ROOT",
    "/%c0%ae%c0%ae/b, ABOVE_ROOT",
    "/a#b, FRAGMENT",
    "/a?b#c, FRAGMENT",
    "http://h/a#b, FRAGMENT",
    "http://h#b, FRAGMENT",
    "*, ASTERISK",
    "'', EMPTY",
    "a, FORM",
    "foobar.com:443, FORM",
    "ftp://foobar.com/, FORM",
    "http:///x, FORM",
    "http:/x, FORM",
    "?x, FORM",
    "/%2525252525252541, TOO_MANY_READINGS",
  })
  void isRefused(String target, TargetProblem problem) {
    assertThat(read(target, PathMode.COMPATIBLE)).isEqualTo(problem);
    if (problem != TargetProblem.TOO_MANY_READINGS) {
      assertThat(read(target, PathMode.STRICT)).isInstanceOf(TargetProblem.class);
    }
  }

  @Test
  void rawControlBytesAndSpacesAreRefused() {
    for (char c : new char[] {0, 1, '\t', '\n', '\r', ' ', 0x1f, 0x7f}) {
      for (String target : List.of("/a" + c, "/a?b" + c, "http://h" + c + "/")) {
        assertThat(read(target, PathMode.COMPATIBLE)).isEqualTo(TargetProblem.CONTROL);
        assertThat(read(target, PathMode.STRICT)).isEqualTo(TargetProblem.CONTROL);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "/a%2Fb%5Cc, AMBIGUOUS",
    "/a%2Fb\\c, AMBIGUOUS",
    "/a%2Fb;c, AMBIGUOUS",
    "/a%2Fb%3Bc, AMBIGUOUS",
    "/a%2F%20, AMBIGUOUS",
    "/a%2F%2541, AMBIGUOUS",
    "/a%252Fb, AMBIGUOUS",
    "/a%2F%c0%af, AMBIGUOUS",
    "/a%2F%09, CONTROL",
    "/a%2F%00, CONTROL",
    "/a%2F%zz, BAD_ESCAPE",
    "/..%2Fb, ABOVE_ROOT",
    "/a%2F../..%2Fb, ABOVE_ROOT",
    "/%2F..%2Fb, ABOVE_ROOT",
    "/a%5Cb, AMBIGUOUS",
    "/a\\b, AMBIGUOUS",
    "/a;b, AMBIGUOUS",
    "/a%2541, AMBIGUOUS",
    "/a%c0%af, AMBIGUOUS",
    "/a%ff, AMBIGUOUS",
    "/a%20, AMBIGUOUS",
    "/a%09, CONTROL",
    "/a%zz, BAD_ESCAPE",
    "/a%, BAD_ESCAPE",
    "/a%4, BAD_ESCAPE",
    "/%u0041, BAD_ESCAPE",
  })
  void strictRefusesWhatHasASecondReading(String target, TargetProblem problem) {
    assertThat(read(target, PathMode.STRICT)).isEqualTo(problem);
  }

  /** Of what comes, what is forwarded and how that may be read; the route may still refuse it. */
  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '"',
      value = {
        "/a%2Fb, /a%2Fb, /a%2Fb /a/b",
        "/a%2fb?q=%2f, /a%2Fb?q=%2f, /a%2Fb /a/b",
        "//x/./%61%2fb/, /x/a%2Fb/, /x/a%2Fb/ /x/a/b/",
        "http://h/a%2Fb, /a%2Fb, /a%2Fb /a/b",
        "/a%2F, /a%2F, /a%2F /a/",
        "/%2F, /%2F, /%2F /",
        "/a%2Fb/../c, /c, /c",
        "/a/../b%2Fc, /b%2Fc, /b%2Fc /b/c",
        "/admin%2Fx, /admin%2Fx, /admin%2Fx /admin/x",
        "/%2Fadmin, /%2Fadmin, /%2Fadmin /admin /",
        "/%2Fx%2Fadmin, /%2Fx%2Fadmin, /%2Fx%2Fadmin /x/admin /admin",
        "/x%2F..%2Fadmin, /x%2F..%2Fadmin, /x%2F..%2Fadmin /admin /x/../admin",
        "/x/..%2Fadmin, /x/..%2Fadmin, /x/..%2Fadmin /admin /x/../admin",
        "/x/%2e%2e%2fadmin, /x/..%2Fadmin, /x/..%2Fadmin /admin /x/../admin",
        "/a%2Fit%27s%2f%c3%bc, /a%2Fit%27s%2F%C3%BC, /a%2Fit's%2F\u00c3\u00bc /a/it's/\u00c3\u00bc",
        "/100%25%2Foff, /100%25%2Foff, /100%25%2Foff /100%25/off",
      })
  void strictLeavesAnEncodedSlashToTheRoute(String target, String forwarded, String readings) {
    RequestTarget read = (RequestTarget) read(target, PathMode.STRICT);
    assertThat(read.hasEncodedSlash()).isTrue();
    assertThat(read.forwarded()).isEqualTo(forwarded);
    assertThat(allReadings(read)).containsExactlyInAnyOrder(readings.split(" "));
    assertThat(read.path()).isEqualTo(readings.split(" ")[0]);
    assertThat(read.original()).isEqualTo(target.replace("http://h", "").replaceFirst("\\?.*", ""));
  }

  @ParameterizedTest
  @CsvSource({
    "/a%2Fb, true",
    "/a%2fb, true",
    "/a/b, false",
    "/a/b?c=%2F, false",
    "/a%252Fb, false",
    "/a%5Cb, false",
    "/%%2F, true",
  })
  void anEncodedSlashIsOneOfThePathAsItCame(String target, boolean has) {
    assertThat(compatible(target).hasEncodedSlash()).isEqualTo(has);
  }

  @ParameterizedTest
  @CsvSource({
    "/a/../b//c/%7Ex?q=%41, /b/c/~x?q=%41",
    "/it%27s/a%2bb/%c3%bc, /it%27s/a%2Bb/%C3%BC",
    "/a%25b, /a%25b",
    "/%41?, /A?",
    "http://h/x/./y, /x/y",
    "/plain, /plain",
  })
  void strictForwardsTheCanonicalTarget(String target, String forwarded) {
    assertThat(((RequestTarget) read(target, PathMode.STRICT)).forwarded()).isEqualTo(forwarded);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/a/../../b", "/%00", "/a//b;c%2F\\", "/%zz", "/a\u0001"})
  void offMatchesAndForwardsWhatCame(String target) {
    RequestTarget read = (RequestTarget) read(target, PathMode.OFF);
    assertThat(read.path()).isSameAs(target);
    assertThat(read.forwarded()).isSameAs(target);
    assertThat(read.readings()).isEmpty();
  }

  @Test
  void aFragmentIsRefusedEvenWhenOff() {
    assertThat(read("/a#b", PathMode.OFF)).isEqualTo(TargetProblem.FRAGMENT);
  }

  @ParameterizedTest
  @EnumSource(PathMode.class)
  void theAbsoluteFormShowsItsAuthority(PathMode mode) {
    RequestTarget read = (RequestTarget) read("http://User@Foobar.com:8080/a?b", mode);
    assertThat(read.authority()).isEqualTo("User@Foobar.com:8080");
    assertThat(read.path()).isEqualTo("/a");
    assertThat(read.query()).isEqualTo("b");
    assertThat(read.forwarded()).isEqualTo("/a?b");
    assertThat(((RequestTarget) read("http://h", mode)).forwarded()).isEqualTo("/");
    assertThat(((RequestTarget) read("http://h?q", mode)).forwarded()).isEqualTo("/?q");
  }

  @Test
  void onlyOptionsMayAskForTheWholeServer() {
    RequestTarget read = (RequestTarget) RequestTarget.read("OPTIONS", "*", PathMode.STRICT);
    assertThat(read.isAsterisk()).isTrue();
    RequestTarget absolute =
        (RequestTarget) RequestTarget.read("OPTIONS", "http://h:1", PathMode.STRICT);
    assertThat(absolute.forwarded()).isEqualTo("*");
    assertThat(absolute.authority()).isEqualTo("h:1");
  }

  @Test
  void readingsAreFewAndWorkIsBounded() {
    String all = "/a%2Fb\\c%5Cd;e/f%3Bg%ff%zz/../h%20";
    assertThat(read(all, PathMode.COMPATIBLE)).isEqualTo(TargetProblem.TOO_MANY_READINGS);
    String huge = "/" + "a%2Fb;c/".repeat(4096);
    assertThat(read(huge, PathMode.COMPATIBLE)).isEqualTo(TargetProblem.TOO_MANY_READINGS);
    assertThat(compatible("/" + "a%2Fb/".repeat(1000)).readingCount()).isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/login",
        "//login",
        "/./login",
        "/x/../login",
        "/%6cogin",
        "/login;a=1",
        "/login;b",
        "/login%3Bc",
        "/login%20",
        "/%256cogin",
        "/x%2F..%2Flogin",
        "/any;x%2F../login",
        "/\\login",
        "/%u006cogin"
      })
  void spellingsOfOnePathReduceToOne(String target) {
    assertThat(compatible(target).reduced()).isEqualTo("/login");
    assertThat(allReadings(compatible(target))).contains("/login");
  }

  @Test
  void patternsAreBroughtToTheSameSpelling() {
    String pattern = PathText.pattern("/Z\u00fcrich/a b/it%27s%2f", PathMode.COMPATIBLE);
    assertThat(compatible("/Z%C3%BCrich/a%20b/it's%2F").path()).isEqualTo(pattern);
    assertThat(compatible("/Z\u00c3\u00bcrich/a%20b/it%27s%2f").path()).isEqualTo(pattern);
  }

  @Test
  void randomTargetsNeverThrowAndReadingsAreStable() {
    long seed = Luck.seed();
    SplittableRandom random = new SplittableRandom(seed);
    String[] parts = {
      "/",
      "/",
      "a",
      "b",
      ".",
      "..",
      "%2e",
      "%2F",
      "%5c",
      "\\",
      ";",
      "%3b",
      "%25",
      "2",
      "e",
      "%",
      "%u",
      "002f",
      "%c0",
      "%af",
      "\u00c3",
      "\u00bc",
      "%20",
      "%09",
      "?",
      "x=y",
      "%ef%bc%8f",
      "%00"
    };
    int read = 0;
    int slashes = 0;
    for (int i = 0; i < 100_000; i++) {
      StringBuilder target = new StringBuilder("/");
      int count = random.nextInt(12);
      for (int p = 0; p < count; p++) {
        target.append(parts[random.nextInt(parts.length)]);
      }
      String text = target.toString();
      for (PathMode mode : PathMode.values()) {
        if (!(read(text, mode) instanceof RequestTarget one)) {
          continue;
        }
        read++;
        assertThat(one.readingCount()).as("seed %d, %s", seed, text).isLessThanOrEqualTo(16);
        assertThat(allReadings(one)).as("seed %d, %s", seed, text).doesNotHaveDuplicates();
        if (mode == PathMode.STRICT) { // reading what is forwarded changes nothing any more
          RequestTarget two = (RequestTarget) read(one.forwarded(), mode);
          assertThat(two.forwarded()).as("seed %d, %s", seed, text).isEqualTo(one.forwarded());
          assertThat(two.path()).as("seed %d, %s", seed, text).isEqualTo(one.path());
          if (!one.hasEncodedSlash()) {
            assertThat(one.readingCount()).as("seed %d, %s", seed, text).isEqualTo(1);
          }
          slashes += one.readingCount() > 1 ? 1 : 0;
          assertThat(allReadings(one)) // all that a backend may make of it was matched
              .as("seed %d, %s", seed, text)
              .containsExactlyInAnyOrderElementsOf(allReadings(compatible(one.forwarded())));
          String separated = one.forwarded().replaceFirst("\\?.*", "").replace("%2F", "/");
          assertThat(allReadings(one))
              .as("seed %d, %s", seed, text)
              .contains(((RequestTarget) read(separated, mode)).path());
        }
      }
    }
    assertThat(read).as("seed %d", seed).isGreaterThan(100_000);
    assertThat(slashes).as("with encoded slashes, seed %d", seed).isGreaterThan(300);
  }

  @Test
  void whatStrictForwardsIsReadAgainHoweverLongItIs() {
    int refused = 0;
    int count = 0;
    for (int length = 1000; length < 12_000; length += 500, count++) {
      String target = "/a%2F../" + "\u00c3\u00bc".repeat(length / 2);
      if (read(target, PathMode.STRICT) instanceof RequestTarget one) {
        RequestTarget two = (RequestTarget) read(one.forwarded(), PathMode.STRICT);
        assertThat(two.readings()).isEqualTo(one.readings());
      } else {
        refused++;
      }
    }
    assertThat(refused).isBetween(1, count - 1);
    String huge = "/" + "a%2F..%2Fb/".repeat(1200);
    assertThat(read(huge, PathMode.STRICT)).isEqualTo(TargetProblem.TOO_MANY_READINGS);
  }
}
