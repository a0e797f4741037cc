package io.weir.firewall.path;

/** Why a request-target is answered with 400; a closed list, so it can be a metric label. */
public enum TargetProblem implements TargetResult {
  /** Nothing between method and version. */
  EMPTY("empty"),
  /** Neither origin-form nor absolute-form nor asterisk-form (RFC 9112 §3.2). */
  FORM("form"),
  /** {@code *} with a method other than OPTIONS (RFC 9112 §3.2.4). */
  ASTERISK("asterisk"),
  /** A fragment has no place in a request-target (RFC 9112 §3.2). */
  FRAGMENT("fragment"),
  /** A control byte, raw or encoded; an encoded tab is only refused in strict mode. */
  CONTROL("control_byte"),
  /** {@code ..} climbs above the root. */
  ABOVE_ROOT("above_root"),
  /** An escape that is not {@code %} and two hexadecimal digits; strict mode only. */
  BAD_ESCAPE("bad_escape"),
  /** A backend may read the path in a second way, {@code %2F} apart; strict mode only. */
  AMBIGUOUS("ambiguous"),
  /** The path can be read in more ways than are worth matching. */
  TOO_MANY_READINGS("too_many_readings");

  private final String label;

  TargetProblem(String label) {
    this.label = label;
  }

  /** The word for logs and metrics. */
  public String label() {
    return label;
  }
}
