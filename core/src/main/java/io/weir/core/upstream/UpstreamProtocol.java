package io.weir.core.upstream;

/** Speaks HTTP, of one version, over a connection that was just made. */
public interface UpstreamProtocol {
  /** The handler for the end of the connection's pipeline. */
  UpstreamConnection newConnection(WorkerBackend home, PoolSettings settings);
}
