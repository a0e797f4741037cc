package io.weir.core.upstream;

import io.weir.core.http.Causes;
import io.weir.core.meter.BackendMeter;
import io.weir.core.worker.Worker;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One address of one pool, alive across configurations: what is known of it and the connections
 * that workers have to it.
 */
public final class Backend {
  private static final VarHandle IN_FLIGHT;

  static {
    try {
      IN_FLIGHT = MethodHandles.lookup().findVarHandle(Backend.class, "inFlight", int.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final String name;
  private final SocketAddress address;
  private final BackendMeter meter;
  private final WorkerBackend[] lanes;

  /** Requests that it is answering now; changed by all workers. */
  @SuppressWarnings("unused") // through the handle
  private volatile int inFlight;

  /** What the checks say; written by the control loop. */
  private volatile boolean up = true;

  /** Why TLS with it failed last, in words; written by any worker that it failed. */
  private volatile @Nullable String tlsFailure;

  /** Whether the current configuration no longer has it; written once by the control thread. */
  private volatile boolean orphan;

  /**
   * Makes one.
   *
   * @param name the address as the operator wrote it
   */
  public Backend(String name, SocketAddress address, BackendMeter meter, List<Worker> workers) {
    this.name = name;
    this.address = address;
    this.meter = meter;
    this.lanes =
        workers.stream()
            .map(worker -> new WorkerBackend(this, worker))
            .toArray(WorkerBackend[]::new);
  }

  /** The address as the operator wrote it: {@code host:port} or {@code unix:/path}. */
  public String name() {
    return name;
  }

  /** Of the network, or the JDK's for a Unix socket. */
  public SocketAddress address() {
    return address;
  }

  /** What TLS calls it where the pool gives no name. */
  String host() {
    return address instanceof InetSocketAddress inet ? inet.getHostString() : "localhost";
  }

  /** Whom a request is for that names no host, which must be an authority (RFC 3986). */
  public String authority() {
    return address instanceof InetSocketAddress ? name : host();
  }

  /** 0 for a Unix socket. */
  int port() {
    return address instanceof InetSocketAddress inet ? inet.getPort() : 0;
  }

  public BackendMeter meter() {
    return meter;
  }

  /** This backend as one worker sees it; for that worker's loop. */
  public WorkerBackend on(Worker worker) {
    return lanes[worker.index()];
  }

  /** Requests in flight over all workers. Any thread. */
  public int inFlight() {
    return inFlight;
  }

  /** One more request, or with -1 one less. Any thread. */
  public void addInFlight(int n) {
    var _ = (int) IN_FLIGHT.getAndAdd(this, n);
  }

  public boolean isUp() {
    return up;
  }

  /** Control loop only. The pools that hold it publish anew after this. */
  public void setUp(boolean nowUp) {
    up = nowUp;
  }

  /** Why TLS with it failed last, in words; null: it never did. Any thread. */
  public @Nullable String tlsFailure() {
    return tlsFailure;
  }

  /** TLS with it failed. Any thread. */
  public void tlsFailed(Throwable cause) {
    tlsFailure = Causes.inWords(cause);
  }

  boolean isOrphan() {
    return orphan;
  }

  /** No configuration has it any more: its connections are closed as they become idle. */
  public void orphan() {
    orphan = true;
  }
}
