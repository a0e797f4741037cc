package io.weir.daemon.log;

import io.weir.metrics.MetricName;
import io.weir.metrics.Metrics;
import io.weir.metrics.WorkerCounters;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A log in a file: each worker writes its lines into a ring of its own, and one thread writes them
 * out.
 *
 * <p>A worker never waits: what finds no room is dropped and counted.
 */
final class LogFile implements AutoCloseable {
  /*
   * The writer sleeps in two ways. After it has written, it rests for BATCH, so that a busy proxy
   * costs some hundred writes a second rather than one a line; only a ring that is half full wakes
   * it. When it found nothing to write, it announces that it is idle and sleeps until the next line.
   *
   * That a line cannot be missed is Dekker's argument: the worker writes tail and then reads idle,
   * the writer writes idle and then reads every tail, and all four are volatile, so at least one of
   * them sees the other.
   */

  private static final Logger LOG = LoggerFactory.getLogger(LogFile.class);

  /** Bytes per worker: some 5,000 lines, or 50 ms of a worker that logs 20 MB a second. */
  static final int RING = 1 << 20;

  private static final Duration BATCH = Duration.ofMillis(10);

  private final Path file;
  private final String name;
  private final Metrics metrics;
  private final int linesSlot;
  private final int droppedSlot;
  private final int ringBytes;
  private final List<LineRing> rings = new CopyOnWriteArrayList<>();
  private final Thread writer;

  private volatile boolean idle;
  private volatile boolean reopen;
  private volatile boolean closed;
  private FileChannel out; // the writer's
  private boolean failing; // the writer's; it complains once per outage

  /**
   * Opens the file for appending and starts the writer.
   *
   * @param name which log it is, in metrics
   */
  LogFile(Path file, String name, Metrics metrics, int ringBytes) throws IOException {
    this.file = file;
    this.name = name;
    this.metrics = metrics;
    linesSlot = metrics.permanent().counter(MetricName.LOG_LINES, name);
    droppedSlot = metrics.permanent().counter(MetricName.LOG_DROPPED, name);
    this.ringBytes = ringBytes;
    out = open();
    writer = Thread.ofPlatform().daemon().name("weir-" + name + "-log").unstarted(this::run);
    writer.start();
  }

  /** The end of one worker, asked for once. */
  Lines lines(int worker) {
    return lines(metrics.worker(worker));
  }

  /** The end of the control loop, asked for once. */
  Lines controlLines() {
    return lines(metrics.control());
  }

  private Lines lines(WorkerCounters counters) {
    LineRing ring = new LineRing(ringBytes);
    rings.add(ring);
    return new Lines(ring, counters);
  }

  /** Lets go of the file and opens its path anew, as log rotation wants it. */
  void reopen() {
    reopen = true;
    LockSupport.unpark(writer);
  }

  /** Writes what is there and ends. No worker may write any more. */
  @Override
  public void close() {
    closed = true;
    LockSupport.unpark(writer);
    try {
      writer.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    while (!closed) {
      if (reopen) {
        reopen = false;
        swapFile();
      }
      if (writeAll()) {
        LockSupport.parkNanos(this, BATCH.toNanos());
      } else {
        sleepUntilNextLine();
      }
    }
    writeAll();
    closeQuietly(out);
  }

  private void sleepUntilNextLine() {
    idle = true;
    if (isEmpty() && !closed && !reopen) {
      LockSupport.park(this);
    }
    idle = false;
  }

  private boolean isEmpty() {
    for (LineRing ring : rings) {
      if (!ring.isEmpty()) {
        return false;
      }
    }
    return true;
  }

  /** Whether there was anything. */
  private boolean writeAll() {
    boolean any = false;
    for (LineRing ring : rings) {
      if (!ring.isEmpty()) {
        any = true;
        write(ring);
      }
    }
    return any;
  }

  private void write(LineRing ring) {
    try {
      ring.drain(out);
      failing = false;
    } catch (IOException e) {
      ring.discard();
      if (!failing) {
        LOG.error("{}: lines of the {} log are lost: {}", file, name, e.getMessage());
      }
      failing = true;
    }
  }

  private void swapFile() {
    writeAll();
    try {
      FileChannel next = open();
      closeQuietly(out);
      out = next;
    } catch (IOException e) {
      LOG.error("{}: cannot be opened anew, so the old file is kept: {}", file, e.toString());
    }
  }

  private FileChannel open() throws IOException {
    return FileChannel.open(
        file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND);
  }

  private void closeQuietly(FileChannel channel) {
    try {
      channel.close();
    } catch (IOException e) {
      LOG.warn("closing the {} log: {}", name, e.getMessage());
    }
  }

  /** The end of a worker, or of the control loop; on its loop. */
  final class Lines {
    private final LineRing ring;
    private final WorkerCounters counters;
    private final LineBuffer line = new LineBuffer();
    private long lostSeen;

    private Lines(LineRing ring, WorkerCounters counters) {
      this.ring = ring;
      this.counters = counters;
    }

    /** An empty line to write into. */
    LineBuffer begin() {
      return line.clear();
    }

    /** The line is complete, but for its end. */
    void end() {
      line.put('\n');
      counters.increment(ring.offer(line.bytes(), line.length()) ? linesSlot : droppedSlot);
      countLost();
      if (idle || ring.isFilling()) {
        idle = false;
        LockSupport.unpark(writer);
      }
    }

    /** So many lines were given up before they came here. */
    void lost(long more) {
      counters.add(droppedSlot, more);
    }

    /** What the writer lost is counted here, where this worker's counters may be written. */
    private void countLost() {
      long lost = ring.lost();
      if (lost != lostSeen) {
        counters.add(droppedSlot, lost - lostSeen);
        lostSeen = lost;
      }
    }
  }
}
