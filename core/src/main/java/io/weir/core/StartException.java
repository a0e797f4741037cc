package io.weir.core;

import io.weir.core.config.ConfigError;
import io.weir.core.listener.BindException;
import java.io.Serial;
import java.net.InetSocketAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A proxy could not start; the message is for operators. */
public final class StartException extends Exception {
  @Serial private static final long serialVersionUID = 1;

  private final transient List<ConfigError> errors;
  private final transient @Nullable InetSocketAddress address;

  StartException(List<ConfigError> errors) {
    super(errors.toString());
    this.errors = List.copyOf(errors);
    this.address = null;
  }

  StartException(BindException cause) {
    super(cause.getMessage(), cause);
    this.errors = List.of();
    this.address = cause.address();
  }

  StartException(String message) {
    super(message);
    this.errors = List.of();
    this.address = null;
  }

  /** What is wrong with the configuration; empty if it is something else. */
  public List<ConfigError> errors() {
    return errors;
  }

  /** The address that could not be bound, if that is what is wrong. */
  public @Nullable InetSocketAddress address() {
    return address;
  }
}
