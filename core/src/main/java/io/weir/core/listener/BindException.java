package io.weir.core.listener;

import java.io.Serial;
import java.net.InetSocketAddress;

/** An address could not be bound. */
public final class BindException extends Exception {
  @Serial private static final long serialVersionUID = 1;

  private final transient InetSocketAddress address;

  BindException(InetSocketAddress address, Throwable cause) {
    super(describe(address) + ": " + cause.getMessage(), cause);
    this.address = address;
  }

  private static String describe(InetSocketAddress address) {
    return address.getHostString() + ":" + address.getPort();
  }

  public InetSocketAddress address() {
    return address;
  }
}
