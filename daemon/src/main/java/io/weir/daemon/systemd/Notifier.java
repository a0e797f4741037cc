package io.weir.daemon.systemd;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the service manager how the daemon is, in the words of sd_notify(3); without a manager
 * nothing happens.
 *
 * <p>Safe for use by several threads.
 */
public final class Notifier implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Notifier.class);

  private final @Nullable DatagramSocket socket; // guarded by this
  private boolean closed; // guarded by this

  private Notifier(@Nullable DatagramSocket socket) {
    this.socket = socket;
  }

  /** Speaks to whom {@code NOTIFY_SOCKET} names. */
  public static Notifier of(Map<String, String> environment) {
    String path = environment.getOrDefault("NOTIFY_SOCKET", "");
    if (path.isEmpty()) {
      return new Notifier(null);
    }
    try {
      return new Notifier(new DatagramSocket(path));
    } catch (IOException e) {
      LOG.warn("the service manager is not told about readiness: {}", e.getMessage());
      return new Notifier(null);
    }
  }

  public void ready(String status) {
    send("READY=1\nSTATUS=" + status);
  }

  /**
   * A reload begins; {@link #ready} says that it ended.
   *
   * @param monotonicNanos the clock that {@code CLOCK_MONOTONIC} shows
   */
  public void reloading(long monotonicNanos) {
    send("RELOADING=1\nMONOTONIC_USEC=" + monotonicNanos / 1000);
  }

  public void stopping(String status) {
    send("STOPPING=1\nSTATUS=" + status);
  }

  /** One line that {@code systemctl status} shows. */
  public void status(String status) {
    send("STATUS=" + status);
  }

  /** All is well; must come more often than the watchdog's interval. */
  public void alive() {
    send("WATCHDOG=1");
  }

  /** The daemon needs {@code time} from now for what it is doing. */
  public void extendTimeout(Duration time) {
    send("EXTEND_TIMEOUT_USEC=" + time.toNanos() / 1000);
  }

  private synchronized void send(String message) {
    if (socket != null && !closed) {
      socket.send(message);
    }
  }

  @Override
  public synchronized void close() {
    if (socket != null && !closed) {
      closed = true;
      socket.close();
    }
  }
}
