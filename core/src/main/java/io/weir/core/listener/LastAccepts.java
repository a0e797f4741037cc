package io.weir.core.listener;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.concurrent.TimeUnit;

/**
 * Closes a listening socket when nobody waits there to be accepted: whoever does is reset by a
 * close. On its loop.
 */
final class LastAccepts extends ChannelInboundHandlerAdapter {
  /*
   * A loop accepts from a socket where somebody waits in each of its turns, and a timer that is set
   * in one turn ends in a later one. So when a turn brought nobody, nobody waited. io_uring accepts by
   * an order that goes out with one turn and is answered in another: hence two turns.
   *
   * Where clients go on coming faster than that, it ends all the same, right after a turn that
   * accepted.
   */
  private static final long TURN_MILLIS = 1;

  private static final int QUIET_TURNS = 2;

  /** A quarter of a second, if turns are short; a full queue is accepted in less. */
  private static final int MOST_TURNS = 250;

  private int turns;
  private int quiet;
  private boolean accepted;

  private LastAccepts() {}

  /** What comes of it, within bounds of time if its loop turns. Any thread. */
  static ChannelFuture thenClose(Channel socket) {
    socket
        .eventLoop()
        .execute(() -> {
          LastAccepts watch = new LastAccepts();
          socket.pipeline().addFirst(watch);
          watch.lookLater(socket);
        });
    return socket.closeFuture();
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object connection) {
    accepted = true;
    ctx.fireChannelRead(connection);
  }

  private void lookLater(Channel socket) {
    var _ = socket.eventLoop().schedule(() -> look(socket), TURN_MILLIS, TimeUnit.MILLISECONDS);
  }

  private void look(Channel socket) {
    quiet = accepted ? 0 : quiet + 1;
    accepted = false;
    turns++;
    if (quiet == QUIET_TURNS || turns == MOST_TURNS) {
      socket.close();
    } else {
      lookLater(socket);
    }
  }
}
