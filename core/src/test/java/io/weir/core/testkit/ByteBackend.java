package io.weir.core.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A backend on 127.0.0.1 that plays a script on each connection and keeps every byte it got.
 *
 * <p>The first connection plays the first script and so on; the last script is for all the rest.
 */
public final class ByteBackend implements AutoCloseable {
  private static final Duration PATIENCE = ByteClient.PATIENCE;

  /** How often a condition is looked at; each look is cheap. */
  private static final Duration LOOK = Duration.ofMillis(2);

  private final ServerSocket server;
  private final List<Script> scripts;
  private final RequestLog log = new RequestLog();
  private final List<Conversation> conversations = new CopyOnWriteArrayList<>();
  private final Thread acceptor;
  private volatile @Nullable Throwable failure;

  private ByteBackend(ServerSocket server, List<Script> scripts) {
    this.server = server;
    this.scripts = scripts;
    this.acceptor = Thread.ofVirtual().name("backend " + address()).unstarted(this::accept);
  }

  public static ByteBackend playing(Script... scripts) {
    return startOn(socket(new ServerSocketSettings(0, 512)), scripts);
  }

  /** A backend whose kernel takes in little, so that a pause of its script is felt by the proxy. */
  public static ByteBackend withSmallWindow(Script... scripts) {
    return startOn(socket(new ServerSocketSettings(64 * 1024, 512)), scripts);
  }

  private static ByteBackend startOn(ServerSocket server, Script... scripts) {
    if (scripts.length == 0) {
      throw new IllegalArgumentException("no script (expected: at least one)");
    }
    ByteBackend backend = new ByteBackend(server, List.of(scripts));
    backend.acceptor.start();
    return backend;
  }

  private record ServerSocketSettings(int receiveBuffer, int backlog) {}

  private static ServerSocket socket(ServerSocketSettings settings) {
    try {
      ServerSocket server = new ServerSocket();
      if (settings.receiveBuffer() > 0) {
        server.setReceiveBufferSize(settings.receiveBuffer());
      }
      server.bind(new InetSocketAddress(Wire.loopback(), 0), settings.backlog());
      return server;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        Socket socket = server.accept();
        socket.setTcpNoDelay(true);
        Conversation conversation = new Conversation(socket, log);
        int index = Math.min(conversations.size(), scripts.size() - 1);
        conversations.add(conversation);
        Thread.ofVirtual().start(() -> play(conversation, scripts.get(index)));
      } catch (IOException closed) {
        return;
      }
    }
  }

  private void play(Conversation conversation, Script script) {
    try {
      conversation.play(script);
    } catch (Throwable e) {
      failure = e;
    }
  }

  public InetSocketAddress address() {
    return (InetSocketAddress) server.getLocalSocketAddress();
  }

  public int acceptedConnections() {
    return conversations.size();
  }

  /** In the order in which they were accepted. */
  public List<Conversation> connections() {
    return List.copyOf(conversations);
  }

  /** The n-th connection, from 0, once it has been accepted. */
  public Conversation connection(int n) {
    waitsUntil("connection " + n + " at the backend", () -> conversations.size() > n);
    return conversations.get(n);
  }

  /** All requests, in the order in which they came. */
  public List<Request> requests() {
    return log.all();
  }

  /** All bytes that came, over all connections. */
  public long receivedCount() {
    return conversations.stream().mapToLong(Conversation::receivedCount).sum();
  }

  /** The only request, once it has come. */
  public Request receivesOneRequest() {
    receivesRequests(1);
    return requests().getFirst();
  }

  /** Waits for so many requests in all, and fails if there are more. */
  public List<Request> receivesRequests(int count) {
    waitsUntil(count + " requests at the backend", () -> requests().size() >= count);
    assertThat(requests()).hasSize(count);
    return requests();
  }

  /** Not one byte came. */
  public void receivedNothing() {
    for (Conversation conversation : conversations) {
      assertThat(Wire.printable(conversation.received())).as("what the backend got").isEmpty();
    }
  }

  /** Waits until the proxy ended its n-th connection, or the script did. */
  public void seesEndOf(int n) {
    try {
      boolean ended = connection(n).ended().await(PATIENCE.toSeconds(), TimeUnit.SECONDS);
      assertThat(ended).as("connection %d has ended", n).isTrue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Waits for something that another thread brings about. */
  public static void waitsUntil(String what, BooleanSupplier holds) {
    waitsUntil(what, PATIENCE, holds);
  }

  /** Waits so long for something that another thread brings about. */
  public static void waitsUntil(String what, Duration patience, BooleanSupplier holds) {
    long deadline = System.nanoTime() + patience.toNanos();
    while (!holds.getAsBoolean()) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError("expected " + what + " within " + patience.toSeconds() + " s");
      }
      try {
        Thread.sleep(LOOK);
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  /** Stops listening: the next connect is refused. Connections that are open go on. */
  public void refusesFromNowOn() {
    try {
      server.close();
      acceptor.join(); // until then the socket may still take connections
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Ends everything, and fails if anything that came was no well-formed request. */
  @Override
  public void close() {
    refusesFromNowOn();
    conversations.forEach(Conversation::closes);
    Throwable failed = failure;
    if (failed != null) {
      throw new AssertionError("a backend's script failed", failed);
    }
    for (MalformedMessageException malformed : malformed()) {
      throw new AssertionError("something malformed reached a backend", malformed);
    }
  }

  /** What came and was no well-formed request. */
  public List<MalformedMessageException> malformed() {
    return conversations.stream().flatMap(c -> Stream.ofNullable(c.malformed())).toList();
  }
}
