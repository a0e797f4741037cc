package io.weir.firewall.config;

import java.util.Locale;

/** One part of what a limit counts by. */
public sealed interface KeyPart {
  /** The client's address; of IPv6 its /64. */
  record Ip() implements KeyPart {}

  /** The host, without port. */
  record Host() implements KeyPart {}

  /** The path, in one spelling: with everything done to it that some backend does. */
  record Path() implements KeyPart {}

  /** The method. */
  record Method() implements KeyPart {}

  /** The name of the route that the request took. */
  record Route() implements KeyPart {}

  /** The JA4 fingerprint of the client's TLS; requests without it share one key. */
  record Ja4() implements KeyPart {}

  /**
   * What the lines of that header say; requests without it share one key, and so do those whose
   * lines say different things.
   *
   * @param name kept in lower case
   */
  record Header(String name) implements KeyPart {
    public Header {
      Checks.notBlank("header", name);
      name = name.toLowerCase(Locale.ROOT);
    }
  }

  /**
   * The cookie of that name; requests without it share one key, and so do those of one client with
   * several of different values.
   */
  record Cookie(String name) implements KeyPart {
    public Cookie {
      Checks.notBlank("cookie", name);
    }
  }
}
