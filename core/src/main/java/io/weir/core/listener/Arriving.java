package io.weir.core.listener;

import io.netty.channel.Channel;
import io.weir.core.http.Closing;
import io.weir.core.http.DownstreamConnection;
import io.weir.core.http.Failure;

/** A connection that has not said yet which protocol it speaks. For its loop. */
record Arriving(Channel channel) implements DownstreamConnection {
  @Override
  public boolean isNew() {
    return true;
  }

  @Override
  public void drain() {
    channel.close();
  }

  @Override
  public void cut(Failure why) {
    abort();
  }

  @Override
  public void abort() {
    Closing.reset(channel);
  }
}
