package io.weir.core.health;

import io.weir.core.http.Causes;

/**
 * What a check found.
 *
 * @param why in words, without control characters
 */
record Outcome(CheckResult result, String why) {
  static Outcome pass(String why) {
    return new Outcome(CheckResult.PASS, why);
  }

  static Outcome fail(String why) {
    return new Outcome(CheckResult.FAIL, why);
  }

  static Outcome fail(Throwable cause) {
    return fail(Causes.inWords(cause));
  }
}
