package io.weir.core.testkit;

import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;

/**
 * What a class of stories extends: a stage per story, no buffer lost by any of them, and nothing
 * that a pipeline had no handler for.
 *
 * <p>Backends come before the proxy that uses them, clients last, so that all end in reverse.
 */
public abstract class Stories {
  /** Held, since a logger that nobody holds forgets its level. */
  private static final Logger LIBRARY = Logger.getLogger("io.netty");

  static {
    LIBRARY.setLevel(Level.WARNING); // as in the daemon: it has a line for each frame of a flood
    TailWatch.install();
    LeakWatch.install();
  }

  private final Stage stage = new Stage();

  protected static ProxySetup proxy() {
    return new ProxySetup();
  }

  protected <T extends AutoCloseable> T keeps(T one) {
    return stage.keeps(one);
  }

  protected ByteBackend backend(Script... scripts) {
    return stage.backend(scripts);
  }

  protected WeirUnderTest starts(ProxySetup setup) {
    return stage.starts(setup);
  }

  /** A client of the listener {@code web}. */
  protected ByteClient client(WeirUnderTest weir) {
    return stage.client(weir);
  }

  @AfterEach
  final void endsEverything() {
    stage.close();
  }

  @AfterAll
  static void lostNothing() {
    LeakWatch.findsNothing();
    TailWatch.findsNothing();
  }
}
