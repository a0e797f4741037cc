package io.weir.firewall.config;

/** What happens to a request that no rule decided. */
public sealed interface DefaultAction {
  /** It goes on to its backend. */
  record Allow() implements DefaultAction {}

  /**
   * It is refused.
   *
   * @param status 400 to 599
   */
  record Deny(int status) implements DefaultAction {
    public Deny {
      Checks.status(status);
    }
  }
}
