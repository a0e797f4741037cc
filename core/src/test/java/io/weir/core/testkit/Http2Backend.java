package io.weir.core.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * A backend of HTTP/2 in plain text on 127.0.0.1 that plays a script on each connection.
 *
 * <p>The first connection plays the first script and so on; the last script is for all the rest.
 */
public final class Http2Backend implements AutoCloseable {
  private final ServerSocket server;
  private final List<Script> scripts;
  private final List<Socket> sockets = new CopyOnWriteArrayList<>();
  private final List<Http2Request> requests = new CopyOnWriteArrayList<>();
  private volatile @Nullable Throwable failure;

  /** What it does with one connection; when it returns, the connection is closed. */
  @FunctionalInterface
  public interface Script {
    void play(Http2Talk on) throws Exception;
  }

  /** What it does with one request. */
  @FunctionalInterface
  public interface Answer {
    void give(Http2Talk on, Http2Request request) throws Exception;
  }

  /** A request that waits for its answer. */
  public record Held(Http2Talk on, Http2Request request) {}

  private Http2Backend(ServerSocket server, Script... scripts) {
    this.server = server;
    this.scripts = List.of(scripts);
  }

  public static Http2Backend playing(Script... scripts) {
    try {
      Http2Backend backend = new Http2Backend(new ServerSocket(0, 512, Wire.loopback()), scripts);
      Thread.ofVirtual().name("http2 backend " + backend.address()).start(backend::accept);
      return backend;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Answers each whole request as told, on every connection. */
  public static Script answers(Answer answer) {
    return on -> {
      on.begins();
      answersOn(on, answer);
    };
  }

  /** The same on a connection that has begun. */
  public static void answersOn(Http2Talk on, Answer answer) throws Exception {
    for (var next = on.nextRequest(); next.isPresent(); next = on.nextRequest()) {
      answer.give(on, next.get());
    }
  }

  private void accept() {
    try {
      while (true) {
        Socket socket = server.accept();
        Script script = scripts.get(Math.min(sockets.size(), scripts.size() - 1));
        sockets.add(socket);
        Thread.ofVirtual().start(() -> play(script, socket));
      }
    } catch (IOException closed) {
      // the story is over
    }
  }

  private void play(Script script, Socket socket) {
    try (socket) {
      script.play(new Http2Talk(this, socket));
    } catch (IOException ended) {
      // the proxy closed first
    } catch (Throwable e) {
      failure = e;
    }
  }

  void log(Http2Request request) {
    requests.add(request);
  }

  public InetSocketAddress address() {
    return (InetSocketAddress) server.getLocalSocketAddress();
  }

  /** Connections so far. */
  public int connections() {
    return sockets.size();
  }

  /** Requests so far, in the order in which they were complete. */
  public List<Http2Request> requests() {
    return requests;
  }

  @Override
  public void close() {
    try {
      server.close();
      for (Socket socket : sockets) {
        socket.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Throwable failed = failure;
    if (failed != null) {
      throw new AssertionError("a backend's script failed", failed);
    }
  }
}
