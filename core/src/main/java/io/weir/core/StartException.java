package io.weir.core;

import io.weir.core.config.ConfigError;
import io.weir.core.listener.BindException;
import java.io.Serial;
import java.net.SocketAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A proxy could not start; the message is for operators. */
public final class StartException extends Exception {
  @Serial private static final long serialVersionUID = 1;

  private final transient List<ConfigError> errors;
  private final transient @Nullable SocketAddress address;
  private final @Nullable String reason;

  StartException(List<ConfigError> errors) {
    super(errors.toString());
    this.errors = List.copyOf(errors);
    this.address = null;
    this.reason = null;
  }

  StartException(BindException cause) {
    super(cause.getMessage(), cause);
    this.errors = List.of();
    this.address = cause.address();
    this.reason = cause.reason();
  }

  StartException(String message) {
    super(message);
    this.errors = List.of();
    this.address = null;
    this.reason = null;
  }

  /** What is wrong with the configuration; empty if it is something else. */
  public List<ConfigError> errors() {
    return errors;
  }

  /** The address that could not be bound, if that is what is wrong. */
  public @Nullable SocketAddress address() {
    return address;
  }

  /** Why it could not be bound, in the words of the system; null if something else is wrong. */
  public @Nullable String reason() {
    return reason;
  }
}
