package io.weir.firewall;

/** What happens when a rule matches. */
public sealed interface ActionConfig {
  /** The word for metrics and messages. */
  String label();

  /** Ends the list: the request is permitted. */
  record Allow() implements ActionConfig {
    @Override
    public String label() {
      return "allow";
    }
  }

  /**
   * Ends the list: the request is answered.
   *
   * @param status 400 to 599
   */
  record Deny(int status) implements ActionConfig {
    public Deny {
      Checks.status(status);
    }

    @Override
    public String label() {
      return "deny";
    }
  }

  /** Ends the list: the connection is closed without an answer. */
  record Drop() implements ActionConfig {
    @Override
    public String label() {
      return "drop";
    }
  }

  /** Goes on while the limit is not exceeded, else the request is answered with 429. */
  record Limit(LimitConfig limit) implements ActionConfig {
    @Override
    public String label() {
      return "limit";
    }
  }

  /** Goes on; the match is logged. */
  record Log() implements ActionConfig {
    @Override
    public String label() {
      return "log";
    }
  }
}
