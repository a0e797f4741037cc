package io.weir.firewall.config;

import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;

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

  /**
   * Ends the list: the connection is held for a while and then closed without an answer.
   *
   * @param time more than nothing, at most 5 minutes
   */
  record Tarpit(Duration time) implements ActionConfig {
    private static final Duration LONGEST = Duration.ofMinutes(5); // held memory is ours, too

    public Tarpit {
      Checks.check(
          time.isPositive() && time.compareTo(LONGEST) <= 0,
          "tarpit",
          time,
          "a time of at most 5 minutes");
    }

    @Override
    public String label() {
      return "tarpit";
    }
  }

  /**
   * Ends the list: the request is answered with another place.
   *
   * @param to the Location
   * @param status 301, 302, 303, 307 or 308
   */
  record Redirect(String to, int status) implements ActionConfig {
    private static final List<Integer> STATUSES = List.of(301, 302, 303, 307, 308);

    /** What clients take for a place of its own, in words. */
    public static final String TARGET =
        "a path that begins with /, or a URL with its scheme, like https://www.foobar.com/";

    /**
     * A host where a relative path would begin: with dots in it and a path behind it, or with
     * {@code www.} or a port. A name alone, like {@code login.html}, is one more page beside the
     * old one, and {@code tel:112} is a URL.
     */
    private static final Pattern BARE_HOST =
        Pattern.compile(
            "(?!(?:tel|sms):)(?:[a-z0-9_-]+(?:\\.[a-z0-9_-]+)+/.*|www\\.[^/].*"
                + "|[a-z0-9._-]+:[0-9]{1,5}(?:[/?#].*)?)",
            Pattern.CASE_INSENSITIVE);

    public Redirect {
      Checks.notBlank("to", to);
      Checks.check(
          to.chars().allMatch(c -> c > ' ' && c < 0x7f),
          "to",
          '"' + to + '"',
          "a URL or a path, without white space");
      Checks.check(isTarget(to), "to", '"' + to + '"', TARGET);
      Checks.check(STATUSES.contains(status), "status", status, "one of 301, 302, 303, 307, 308");
    }

    /**
     * Whether it may lead where it seems to. {@code www.foobar.com/new} does not: a client that is
     * at {@code /old/} goes to {@code /old/www.foobar.com/new} (RFC 3986 section 5.2).
     */
    public static boolean isTarget(String to) {
      return !BARE_HOST.matcher(to).matches();
    }

    @Override
    public String label() {
      return "redirect";
    }
  }

  /** Ends the list: the client is banned, and its connection closed without an answer. */
  record Ban(BanTime time) implements ActionConfig {
    @Override
    public String label() {
      return "ban";
    }
  }

  /**
   * Goes on while no more requests of the key are under way, else the request is answered with 429.
   *
   * @param key its parts, together; the compiler refuses one without any
   * @param atMost 1 to 65535
   */
  record Concurrency(List<KeyPart> key, int atMost) implements ActionConfig {
    public Concurrency {
      key = List.copyOf(key);
      Checks.check(atMost >= 1 && atMost <= 65_535, "at_most", atMost, "1 to 65535");
    }

    @Override
    public String label() {
      return "concurrency";
    }
  }

  /**
   * Goes on; what is answered to all requests of the key together is sent no faster than that.
   *
   * @param key its parts, together; the compiler refuses one without any
   * @param bytesPerSecond 1 KiB to 1 TiB
   * @param burst what may be sent at once, in bytes: from what a quarter of a second brings, since
   *     nobody is woken more exactly, to 8 GiB
   */
  record Bandwidth(List<KeyPart> key, long bytesPerSecond, long burst) implements ActionConfig {
    private static final long SLOWEST = 1L << 10;
    private static final long FASTEST = 1L << 40;
    private static final long LARGEST = 8L << 30;

    public Bandwidth {
      key = List.copyOf(key);
      Checks.check(
          bytesPerSecond >= SLOWEST && bytesPerSecond <= FASTEST,
          "rate",
          bytesPerSecond,
          "1KiB/s to 1TiB/s");
      Checks.check(
          burst >= bytesPerSecond / 4 && burst <= LARGEST,
          "burst",
          burst,
          "what a quarter of a second brings, to 8GiB");
    }

    /** The usual burst: what a second brings. */
    public static long usualBurst(long bytesPerSecond) {
      return Math.min(bytesPerSecond, LARGEST);
    }

    @Override
    public String label() {
      return "bandwidth";
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
