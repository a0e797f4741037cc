package io.weir.core.testkit;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.java_websocket.WebSocket;
import org.java_websocket.drafts.Draft_6455;
import org.java_websocket.framing.CloseFrame;
import org.java_websocket.handshake.ClientHandshake;
import org.java_websocket.protocols.Protocol;
import org.java_websocket.server.WebSocketServer;
import org.jspecify.annotations.Nullable;

/**
 * A server of a real WebSocket library that sends back what it gets, speaks {@code chat}, and
 * closes when told to {@code close}.
 */
public final class EchoWebSocket extends WebSocketServer implements AutoCloseable {
  private static final long REMINDER_MILLIS = 50;

  private final CountDownLatch ready = new CountDownLatch(1);
  private final ScheduledExecutorService reminders =
      Executors.newSingleThreadScheduledExecutor(Thread.ofPlatform().daemon().factory());

  private EchoWebSocket() {
    super(
        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
        1,
        List.of(new Draft_6455(List.of(), List.of(new Protocol("chat")))));
    setReuseAddr(true);
    reminders.scheduleWithFixedDelay(
        this::remind, REMINDER_MILLIS, REMINDER_MILLIS, TimeUnit.MILLISECONDS);
  }

  /**
   * The thread of the library (1.6.0) that writes stops asking to write when it has written all; if
   * another adds a frame between the two, that frame would wait for ever.
   */
  private void remind() {
    for (WebSocket connection : getConnections()) {
      if (connection.hasBufferedData() || connection.isFlushAndClose()) {
        onWriteDemand(connection);
      }
    }
  }

  public static EchoWebSocket started() {
    EchoWebSocket server = new EchoWebSocket();
    server.start();
    try {
      if (!server.ready.await(ByteClient.PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
        throw new AssertionError("the WebSocket server did not start");
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    return server;
  }

  public InetSocketAddress address() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), getPort());
  }

  @Override
  public void onStart() {
    ready.countDown();
  }

  @Override
  public void onOpen(WebSocket connection, ClientHandshake handshake) {
    connection.send("hello from " + handshake.getResourceDescriptor());
  }

  @Override
  public void onMessage(WebSocket connection, String message) {
    if (message.equals("close")) {
      connection.close(CloseFrame.NORMAL, "as told");
    } else {
      connection.send(message);
    }
  }

  @Override
  public void onMessage(WebSocket connection, ByteBuffer message) {
    connection.send(message);
  }

  @Override
  public void onClose(WebSocket connection, int code, String reason, boolean remote) {}

  @Override
  public void onError(@Nullable WebSocket connection, Exception e) {}

  @Override
  public void close() {
    reminders.shutdownNow();
    try {
      stop();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
