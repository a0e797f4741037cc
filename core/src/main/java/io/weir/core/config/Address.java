package io.weir.core.config;

/** Where a listener listens or a backend is reached. */
public sealed interface Address permits HostPort, UnixPath {

  /** What certificates call it where nothing else is configured. */
  String host();

  /** 0 for a Unix socket. */
  int port();

  /** What a Host field says of it where nothing else is configured. */
  String authority();

  /** Whether at most one of the two can be bound on a machine, as far as that shows in them. */
  boolean clashesWith(Address other);

  /**
   * Reads {@code host:port}, {@code :port}, {@code [v6]:port} or {@code unix:/path}.
   *
   * @throws IllegalArgumentException naming the text and the expected form
   */
  static Address parse(String text) {
    return text.startsWith(UnixPath.PREFIX) ? UnixPath.parse(text) : HostPort.parse(text);
  }
}
