package io.weir.core.listener;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.weir.core.meter.ListenerMeter;
import io.weir.core.meter.ListenerMeter.Rejection;
import io.weir.core.worker.SlowReader;

/** Sees when one client stops taking what is sent to it, and cuts it where memory is short. */
final class SlowReaderWatch extends ChannelInboundHandlerAdapter {
  private final WorkerDoor door;
  private final ListenerMeter meter;
  private final Reader reader;

  SlowReaderWatch(WorkerDoor door, ListenerMeter meter, Channel channel) {
    this.door = door;
    this.meter = meter;
    this.reader = new Reader(channel);
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    ctx.fireChannelWritabilityChanged(); // first whoever stops, or goes on, for it
    if (ctx.channel().isWritable()) {
      door.worker().slowReaders().remove(reader);
    } else if (ctx.channel().isOpen()) {
      door.worker().slowReaders().add(reader);
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    door.worker().slowReaders().remove(reader);
    ctx.fireChannelInactive();
  }

  private final class Reader extends SlowReader {
    private final Channel channel;

    Reader(Channel channel) {
      this.channel = channel;
    }

    @Override
    protected void cut() {
      if (!channel.isOpen()) {
        return;
      }
      meter.connectionRejected(door.worker().counters(), Rejection.OVERLOAD);
      door.cut(channel);
    }
  }
}
