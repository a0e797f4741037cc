package io.weir.core.health;

/**
 * What a check found.
 *
 * @param why in words, without control characters
 */
record Outcome(CheckResult result, String why) {
  /** Enough for every message of a connection or of TLS; a peer may have had a hand in it. */
  private static final int MAX_WORDS = 200;

  static Outcome pass(String why) {
    return new Outcome(CheckResult.PASS, why);
  }

  static Outcome fail(String why) {
    return new Outcome(CheckResult.FAIL, why);
  }

  /** A failure in the words of its deepest cause. */
  static Outcome fail(Throwable thrown) {
    Throwable cause = thrown;
    for (Throwable next = cause.getCause(); next != null; next = next.getCause()) {
      cause = next;
    }
    String message = cause.getMessage();
    String words = message == null ? cause.getClass().getSimpleName() : message;
    String shortened = words.substring(0, Math.min(words.length(), MAX_WORDS));
    return fail(shortened.replaceAll("\\p{Cntrl}", "?"));
  }
}
