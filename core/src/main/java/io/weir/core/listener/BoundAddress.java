package io.weir.core.listener;

import io.netty.channel.Channel;
import io.weir.core.snapshot.Snapshot;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One address that is bound and the listener that it now serves; on the network by a socket per
 * worker.
 */
final class BoundAddress {
  private final Endpoint endpoint;
  private volatile String listener;
  private volatile List<Channel> sockets = List.of();
  private volatile @Nullable Snapshot last;
  private @Nullable SocketFile file; // written and read by the control thread only
  private int fileMode;

  /** Before its sockets exist. */
  BoundAddress(Endpoint endpoint) {
    this.endpoint = endpoint;
    this.listener = endpoint.listener();
  }

  Object key() {
    return endpoint.key();
  }

  /** As it was asked for; see {@link #localAddress} for a port that the system chose. */
  Endpoint endpoint() {
    return endpoint;
  }

  /** Whether who connects has no address. */
  boolean isUnix() {
    return endpoint.address() instanceof UnixDomainSocketAddress;
  }

  /** The name of the listener that accepted connections belong to. */
  String listener() {
    return listener;
  }

  /** A reload gave the address to another listener. Control thread only. */
  void serve(String name) {
    listener = name;
  }

  /** A reload took the address away: this was the last to have it. Control thread only. */
  void leave(Snapshot snapshot) {
    last = snapshot;
  }

  /** What decides on who comes here: the newest, or the last one that had the address. */
  Snapshot servedBy(Snapshot newest) {
    Snapshot before = last;
    return before == null ? newest : before;
  }

  void sockets(List<Channel> bound) {
    sockets = List.copyOf(bound);
  }

  List<Channel> sockets() {
    return sockets;
  }

  /** The file that it now has, which is taken away with it. */
  void file(SocketFile bound, int mode) {
    file = bound;
    fileMode = mode;
  }

  /** Who may connect from now on. */
  void permit(int mode) throws IOException {
    if (file != null && mode != fileMode) {
      file.permit(mode);
      fileMode = mode;
    }
  }

  @Nullable SocketFile file() {
    return file;
  }

  SocketAddress localAddress() {
    return isUnix() ? endpoint.address() : sockets.getFirst().localAddress();
  }
}
