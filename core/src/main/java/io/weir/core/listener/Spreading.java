package io.weir.core.listener;

import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import java.util.List;

/**
 * Gives each connection of a socket that all workers share the pipeline of the worker that it went
 * to. On any loop.
 *
 * <p>The kernel spreads connections over several sockets of one address (SO_REUSEPORT), but not
 * over several sockets of one file: there is one then, and who accepts hands on to the others in
 * turn.
 */
final class Spreading extends ChannelInitializer<Channel> {
  private final List<WorkerDoor> doors;
  private final DownstreamInitializer[] initializers;

  Spreading(BoundAddress bound, List<WorkerDoor> doors, ConnectionLimit limit) {
    this.doors = doors;
    this.initializers =
        doors.stream()
            .map(door -> new DownstreamInitializer(bound, door, limit))
            .toArray(DownstreamInitializer[]::new);
  }

  @Override
  public boolean isSharable() {
    return true; // it serves all connections of its socket
  }

  @Override
  protected void initChannel(Channel channel) {
    for (int i = 0; i < initializers.length; i++) {
      if (doors.get(i).worker().loop().equals(channel.eventLoop())) {
        channel.pipeline().addLast(initializers[i]);
        return;
      }
    }
    throw new IllegalStateException("a loop of no worker");
  }
}
