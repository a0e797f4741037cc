package io.weir.core.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.worker.Workers;
import java.util.Arrays;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;

/** Something that is done to a proxy beside a story, on a thread of its own. */
public final class Change {
  private final FutureTask<Boolean> work;
  private final Thread thread;

  private Change(Callable<Boolean> work) {
    this.work = new FutureTask<>(work);
    this.thread = Thread.ofPlatform().daemon().start(this.work);
  }

  public static Change begins(Callable<Boolean> work) {
    return new Change(work);
  }

  /**
   * Waits until every loop has been told of it, and one at least, which a story holds, does not
   * answer. No figure says so: loops have tasks for other reasons, and what is published says what
   * is in force before they have heard of it.
   */
  public Change hasToldHeldLoops() {
    ByteBackend.waitsUntil(
        "a change that waits for the loops", () -> work.isDone() || waitsForLoops());
    return this;
  }

  private boolean waitsForLoops() {
    boolean waits = thread.getState() == Thread.State.TIMED_WAITING;
    return waits
        && Arrays.stream(thread.getStackTrace())
            .anyMatch(frame ->
                frame.getClassName().equals(Workers.class.getName())
                    && frame.getMethodName().equals("onEach"));
  }

  /** It ends, and as it should. */
  public void isMade() throws Exception {
    assertThat(work.get(ByteClient.PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
  }
}
