package io.weir.daemon;

import io.weir.daemon.service.Daemon;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * TERM and INT: the first asks to stop when all is done, the second stops now.
 *
 * <p>They are listened to before there is a daemon: it binds its addresses some time before it
 * could be asked, and what comes meanwhile stops it as soon as it stands. Any thread.
 */
final class Stopping {
  /** What a shell reports of a process that a signal ended is this and the signal's number. */
  private static final int SIGNALLED = 128;

  private static final int INT = 2;
  private static final int TERM = 15;

  private final AtomicReference<@Nullable Daemon> daemon = new AtomicReference<>();
  private final AtomicBoolean asked = new AtomicBoolean();

  /** From now on the first signal is no longer the end. */
  static Stopping atSignals() {
    Stopping stopping = new Stopping();
    Signals.on("TERM", () -> stopping.ask(SIGNALLED + TERM));
    Signals.on("INT", () -> stopping.ask(SIGNALLED + INT));
    return stopping;
  }

  /** This is what to stop, at once if that was asked for already. */
  void of(Daemon started) {
    daemon.set(started);
    if (asked.get()) {
      started.stop();
    }
  }

  /** Asks to stop; a second time ends the process. */
  void ask(int codeIfNow) {
    if (asked.getAndSet(true)) {
      Runtime.getRuntime().halt(codeIfNow);
    }
    Daemon started = daemon.get();
    if (started != null) {
      started.stop();
    }
  }
}
