package io.weir.core.health;

/** How a check ended. */
public enum CheckResult {
  PASS,
  FAIL,
  /** Not done in time; counts as failed. */
  TIMEOUT
}
