package io.weir.core.config;

/**
 * How the process works as a whole. Transport and workers are fixed when it starts.
 *
 * @param transport how sockets are driven
 * @param workers number of event loops, 1 to 1024; 0 means one per core
 * @param via whether requests carry {@code Via: 1.1 weir} (RFC 9110 section 7.6.3)
 */
public record RuntimeConfig(TransportChoice transport, int workers, boolean via) {
  public static final int MAX_WORKERS = 1024;
  public static final RuntimeConfig DEFAULTS = new RuntimeConfig(TransportChoice.AUTO, 0, true);

  public RuntimeConfig {
    Check.range("workers", workers, 0, MAX_WORKERS);
  }

  /** How sockets are driven; {@code AUTO} is epoll where the kernel has it. */
  public enum TransportChoice {
    AUTO,
    EPOLL,
    IO_URING,
    NIO
  }
}
