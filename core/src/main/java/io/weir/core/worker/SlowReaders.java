package io.weir.core.worker;

import io.netty.util.internal.PlatformDependent;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Peers of one worker that do not take what is ready for them, clients and backends, who has taken
 * nothing for the longest first; when there are more than the memory allows, that one is cut.
 * Confined to its loop.
 */
public final class SlowReaders {
  /*
   * A client that asks for much and reads nothing keeps a bounded piece of a response in memory, but
   * enough such clients would take all of it, and then every other client's reads fail. Nobody can
   * tell a slow network from an attack by one connection; who has taken nothing for the longest is
   * the best guess. Each counts for the most that one can hold, since the buffers behind a few
   * waiting bytes are as large. What a backend of HTTP/2 may still send for one who does not read
   * is more than that, and waits on the backend's side: there it counts by itself, by the window.
   *
   * A backend that takes nothing of an upload is the same the other way round, all the more as an
   * attacker can look for a request that is answered without a look at its body. It counts for what
   * waits to be written to it, and the client once more for much that it has sent ahead.
   */

  /**
   * What one holds at most: what may wait to be written, and one more read that was under way. That
   * is also what a client of HTTP/1 can have sent ahead before it is not read any more, and the
   * window of a stream of HTTP/2.
   */
  private static final int HELD_BYTES = 64 * 1024 + 64 * 1024;

  /** One client, and what the window of a backend of HTTP/2 lets come for it. */
  private static final int LEAST = 3;

  private final Executor loop;
  private @Nullable SlowReader first;
  private @Nullable SlowReader last;
  private int count;
  private int most = Integer.MAX_VALUE;

  SlowReaders(Executor loop) {
    this.loop = loop;
  }

  /**
   * How many of one worker may hold as much as they can, so that all of them together hold no more
   * than {@code bytes}; at least {@value #LEAST}. Any thread.
   *
   * @param bytes 0 stands for half of what this process has for buffers
   * @param workers 0 where a configuration is only checked
   */
  public static int within(long bytes, int workers) {
    long all = bytes == 0 ? PlatformDependent.maxDirectMemory() / 2 : bytes;
    return Math.clamp(all / HELD_BYTES / Math.max(workers, 1), LEAST, Integer.MAX_VALUE);
  }

  /** For how many somebody counts who may hold so many bytes. */
  public static int shares(int bytes) {
    return Math.ceilDiv(bytes, HELD_BYTES);
  }

  /** At most so many from now on; who is too many is cut when the next one comes. */
  public void atMost(int readers) {
    most = readers;
  }

  /** What all of them may hold. */
  long mostBytes() {
    return (long) most * HELD_BYTES;
  }

  /** For how many those count that there are. */
  int count() {
    return count;
  }

  /**
   * Begins to wait, if he does not yet. Who is cut for it, maybe he himself, is cut soon after: the
   * caller is in the midst of writing to him.
   */
  public void add(SlowReader reader) {
    if (reader.listed) {
      return;
    }
    reader.listed = true;
    reader.previous = last;
    if (last == null) {
      first = reader;
    } else {
      last.next = reader;
    }
    last = reader;
    count += reader.shares;
    while (first != null && count > most) {
      SlowReader longest = first;
      remove(longest);
      loop.execute(longest::cut);
    }
  }

  /** Has taken what waited, or is gone. */
  public void remove(SlowReader reader) {
    if (!reader.listed) {
      return;
    }
    reader.listed = false;
    if (reader.previous == null) {
      first = reader.next;
    } else {
      reader.previous.next = reader.next;
    }
    if (reader.next == null) {
      last = reader.previous;
    } else {
      reader.next.previous = reader.previous;
    }
    reader.previous = null;
    reader.next = null;
    count -= reader.shares;
  }
}
