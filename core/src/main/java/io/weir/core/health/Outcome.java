package io.weir.core.health;

import java.io.FileNotFoundException;
import java.util.regex.Pattern;

/**
 * What a check found.
 *
 * @param why in words, without control characters
 */
record Outcome(CheckResult result, String why) {
  /** Enough for every message of a connection or of TLS; a peer may have had a hand in it. */
  private static final int MAX_WORDS = 200;

  /** Before the words of the system: which call of it failed, and with what number. */
  private static final Pattern CALL =
      Pattern.compile("^[A-Za-z]+\\(\\.\\.\\) failed(?: with error\\(-?[0-9]+\\))?: ");

  static Outcome pass(String why) {
    return new Outcome(CheckResult.PASS, why);
  }

  static Outcome fail(String why) {
    return new Outcome(CheckResult.FAIL, why);
  }

  /** A failure in the words of the deepest cause that has some. */
  static Outcome fail(Throwable thrown) {
    Throwable cause = thrown;
    for (Throwable next = cause.getCause(); next != null; next = next.getCause()) {
      cause = next.getMessage() == null ? cause : next;
    }
    String words = words(cause);
    String shortened = words.substring(0, Math.min(words.length(), MAX_WORDS));
    return fail(shortened.replaceAll("\\p{Cntrl}", "?"));
  }

  private static String words(Throwable cause) {
    String message = cause.getMessage();
    if (message != null) {
      String words = CALL.matcher(message).replaceFirst("");
      return words.startsWith("Connection ") ? "c" + words.substring(1) : words;
    }
    return cause instanceof FileNotFoundException // of a Unix socket
        ? "No such file or directory"
        : cause.getClass().getSimpleName();
  }
}
