package io.weir.core.worker;

import io.netty.channel.IoEventLoop;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SingleThreadIoEventLoop;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.concurrent.Executor;

/** Loops of Netty that ask no clock what they need not know. */
final class WorkerLoops extends MultiThreadIoEventLoopGroup {
  WorkerLoops(int count, IoHandlerFactory sockets) {
    super(count, new DefaultThreadFactory("worker"), sockets);
  }

  @Override
  protected IoEventLoop newChild(Executor executor, IoHandlerFactory sockets, Object... args) {
    return new Loop(this, executor, sockets);
  }

  private static final class Loop extends SingleThreadIoEventLoop {
    Loop(WorkerLoops group, Executor executor, IoHandlerFactory sockets) {
      super(group, executor, sockets);
    }

    /*
     * Each turn of a loop of Netty reads the clock some five times that nobody needs here: to know
     * how busy it is, for groups that grow and shrink, and for a limit of a second to each wait.
     */

    @Override
    protected boolean isSuspensionSupported() {
      return false;
    }

    /** None, where nothing is scheduled. */
    @Override
    protected long deadlineNanos() {
      return nextScheduledTaskDeadlineNanos();
    }
  }
}
