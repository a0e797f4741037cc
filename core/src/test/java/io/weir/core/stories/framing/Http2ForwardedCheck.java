package io.weir.core.stories.framing;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.testkit.Header;
import io.weir.core.testkit.Headers;
import io.weir.core.testkit.Http2Request;
import io.weir.core.testkit.Request;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;

/** Compares what a backend got over HTTP/2 with the request of HTTP/1 that it should have got. */
final class Http2ForwardedCheck {
  private static final Set<String> PSEUDO = Set.of(":method", ":scheme", ":authority", ":path");

  /** What is for one connection of HTTP/1, or what frames say (RFC 9113 section 8.2.2). */
  private static final Set<String> OF_HTTP1 =
      Set.of("connection", "keep-alive", "proxy-connection", "transfer-encoding", "upgrade");

  /** Compared apart. */
  private static final Set<String> FRAMING = Set.of("content-length", "host", "te");

  private Http2ForwardedCheck() {}

  static void same(Http2Request actual, Request expected) {
    isUnambiguous(actual);
    assertThat(actual.all(":method")).containsExactly(expected.method());
    assertThat(actual.all(":path")).containsExactly(expected.target());
    assertThat(Stream.concat(actual.all(":authority").stream(), actual.all("host").stream()))
        .as("authority of %s", actual.fields())
        .containsExactlyElementsOf(expected.headers().all("host").stream().limit(1).toList());
    assertThat(actual.text()).as("body").isEqualTo(expected.bodyText());
    Headers wanted =
        without(
            Stream.concat(
                expected.headers().lines().stream(), expected.trailers().lines().stream()));
    assertThat(ForwardedCheck.fields(without(actual.fields().stream()), wanted))
        .as("fields of %s", actual.fields())
        .isEqualTo(ForwardedCheck.fields(wanted, wanted));
  }

  /** RFC 9113 section 8.2 and 8.3: nothing in it that a next hop could read in another way. */
  private static void isUnambiguous(Http2Request actual) {
    boolean regular = false;
    for (Header field : actual.fields()) {
      if (field.name().startsWith(":")) {
        assertThat(regular).as("%s behind a field", field.name()).isFalse();
        assertThat(field.name()).isIn(PSEUDO);
      } else {
        regular = true;
        assertThat(field.name()).matches("[!#$%&'*+.^_`|~0-9a-z-]+").isNotIn(OF_HTTP1);
      }
      assertThat(field.value())
          .as(field.name())
          .doesNotContain("\r", "\n", "\0")
          .isEqualTo(field.value().strip());
    }
    for (String name : PSEUDO) {
      assertThat(actual.all(name)).as(name).hasSizeLessThanOrEqualTo(1);
    }
    assertThat(actual.all("te")).allMatch(value -> value.equals("trailers"));
    assertThat(actual.all("content-length"))
        .hasSizeLessThanOrEqualTo(1)
        .allMatch(length -> Long.parseLong(length) == actual.body().length);
  }

  private static Headers without(Stream<Header> fields) {
    List<Header> kept =
        fields
            .filter(field -> {
              String name = field.name().toLowerCase(Locale.ROOT);
              return !PSEUDO.contains(name) && !OF_HTTP1.contains(name) && !FRAMING.contains(name);
            })
            .toList();
    return new Headers(kept);
  }
}
