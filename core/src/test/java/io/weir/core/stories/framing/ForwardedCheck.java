package io.weir.core.stories.framing;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.testkit.Header;
import io.weir.core.testkit.Headers;
import io.weir.core.testkit.Request;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Compares what a backend got with what it should have got, field by field. */
public final class ForwardedCheck {
  /** What a proxy adds; looked at only where a row writes it down. */
  private static final Set<String> ADDED =
      Set.of(
          "via",
          "x-forwarded-for",
          "x-forwarded-proto",
          "x-forwarded-host",
          "x-request-id",
          "traceparent");

  /** Fields whose several lines mean the same as one list, and of which we add to the end. */
  private static final Set<String> LISTS = Set.of("via", "x-forwarded-for");

  /** What a connection to a backend may say of itself. */
  private static final Set<String> CONNECTION = Set.of("connection: keep-alive", "te: trailers");

  private ForwardedCheck() {}

  public static void same(Request actual, Request expected) {
    assertThat(actual.method() + " " + actual.target() + " " + actual.version())
        .as("request line of %s", actual)
        .isEqualTo(expected.method() + " " + expected.target() + " HTTP/1.1");
    assertThat(actual.headers().all("host")).as("Host of %s", actual).hasSize(1);
    assertThat(fields(actual.headers(), expected.headers()))
        .as("headers of %s", actual)
        .isEqualTo(fields(expected.headers(), expected.headers()));
    assertThat(actual.bodyText()).as("body of %s", actual).isEqualTo(expected.bodyText());
    assertThat(fields(actual.trailers(), actual.trailers()))
        .as("trailers of %s, among which a proxy adds nothing", actual)
        .isEqualTo(fields(expected.trailers(), expected.trailers()));
  }

  /** The fields that count, by name; the lines of one name stay in order. */
  static List<String> fields(Headers headers, Headers expected) {
    List<String> fields = new ArrayList<>();
    for (String name : names(headers)) {
      if (ADDED.contains(name) && !expected.has(name)) {
        continue;
      }
      List<String> values = headers.all(name).stream().map(value -> value(name, value)).toList();
      if (LISTS.contains(name)) {
        values = List.of(String.join(", ", values));
      }
      values.stream()
          .map(value -> name + ": " + value)
          .filter(line -> !CONNECTION.contains(line))
          .forEach(fields::add);
    }
    return fields;
  }

  private static Set<String> names(Headers headers) {
    return headers.lines().stream()
        .map(Header::name)
        .map(name -> name.toLowerCase(Locale.ROOT))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** A length is a number, however many zeros it begins with. */
  private static String value(String name, String value) {
    return name.equals("content-length") ? String.valueOf(Long.parseLong(value)) : value;
  }
}
