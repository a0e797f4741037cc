package io.weir.core.testkit;

import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.Deque;

/** Everything that a story has started; it is ended in reverse, whatever happened. */
public final class Stage implements AutoCloseable {
  private final Deque<AutoCloseable> open = new ArrayDeque<>();

  public <T extends AutoCloseable> T keeps(T one) {
    open.push(one);
    return one;
  }

  public ByteBackend backend(Script... scripts) {
    return keeps(ByteBackend.playing(scripts));
  }

  public WeirUnderTest starts(ProxySetup setup) {
    return keeps(WeirUnderTest.start(setup.config()));
  }

  public ByteClient client(WeirUnderTest weir) {
    return client(weir.address(ProxySetup.WEB));
  }

  public ByteClient client(InetSocketAddress address) {
    return keeps(ByteClient.connect(address));
  }

  public ByteClient tlsClient(InetSocketAddress address, TlsOffer offer) {
    return keeps(ByteClient.connectTls(address, offer));
  }

  /** Ends all, then fails with what the first of them had to say, the others beside it. */
  @Override
  public void close() {
    AssertionError failed = null;
    while (!open.isEmpty()) {
      try {
        open.pop().close();
      } catch (Throwable e) {
        if (failed == null) {
          failed = new AssertionError(e.getMessage(), e);
        } else {
          failed.addSuppressed(e);
        }
      }
    }
    if (failed != null) {
      throw failed;
    }
  }
}
