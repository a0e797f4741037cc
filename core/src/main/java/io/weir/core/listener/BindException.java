package io.weir.core.listener;

import java.io.Serial;
import java.net.SocketAddress;

/** An address could not be bound. */
public final class BindException extends Exception {
  @Serial private static final long serialVersionUID = 1;

  private final String listener;
  private final transient SocketAddress address;
  private final String reason;

  BindException(Endpoint endpoint, Throwable cause) {
    super(Listeners.text(endpoint.address()) + ": " + SocketFile.reason(cause), cause);
    this.listener = endpoint.listener();
    this.address = endpoint.address();
    this.reason = SocketFile.reason(cause);
  }

  /** For which it was to be bound. */
  public String listener() {
    return listener;
  }

  public SocketAddress address() {
    return address;
  }

  /** In the words of the system. */
  public String reason() {
    return reason;
  }
}
