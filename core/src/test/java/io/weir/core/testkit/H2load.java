package io.weir.core.testkit;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The real h2load. */
public final class H2load {
  private static final Pattern SUCCEEDED = Pattern.compile("(\\d+) succeeded");
  private static final Pattern STATUS_2XX = Pattern.compile("status codes: (\\d+) 2xx");

  private H2load() {}

  /**
   * How a run ended.
   *
   * @param succeeded requests that were answered with 2xx
   */
  public record Result(int succeeded, String output) {}

  public static Result run(String... arguments) {
    String output =
        Program.find("h2load", "nghttp2-client").run(new byte[0], List.of(arguments)).output();
    return new Result(Math.min(number(SUCCEEDED, output), number(STATUS_2XX, output)), output);
  }

  private static int number(Pattern pattern, String output) {
    Matcher found = pattern.matcher(output);
    if (!found.find()) {
      throw new AssertionError("h2load said: " + output);
    }
    return Integer.parseInt(found.group(1));
  }
}
