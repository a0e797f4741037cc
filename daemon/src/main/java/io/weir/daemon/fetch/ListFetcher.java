package io.weir.daemon.fetch;

import io.weir.daemon.config.FetchedList;
import io.weir.daemon.state.ListCopy;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fetches lists at once and then now and again, and keeps the last good version of each in a file.
 * Whoever reads the configuration reads that file, and notices like with any other that it changed.
 */
public final class ListFetcher implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ListFetcher.class);

  /** So many servers may hang, for up to two minutes each, before other lists wait for them. */
  private static final int THREADS = 8;

  /** After a failure; doubled with each more, up to the list's own time. */
  private static final Duration FIRST_RETRY = Duration.ofSeconds(5);

  /** Of the time to the next look, so that many balancers do not come at once. */
  private static final double JITTER = 0.1;

  private final Listener listener;
  private final @Nullable Path folder;
  private final RandomGenerator random;
  private final ScheduledThreadPoolExecutor threads =
      new ScheduledThreadPoolExecutor(
          THREADS, Thread.ofPlatform().daemon().name("weir-lists-", 0).factory());
  private Map<FetchedList, Looking> followed = new HashMap<>(); // the thread that follows

  /**
   * One that follows nothing yet.
   *
   * @param folder where copies are kept; null: nowhere
   * @param random any thread's
   */
  public ListFetcher(Listener listener, @Nullable Path folder, RandomGenerator random) {
    this.listener = listener;
    this.folder = folder;
    this.random = random;
    threads.setRemoveOnCancelPolicy(true); // else a list would stay in memory for up to a year
  }

  /** Hears how it goes, on any thread. */
  public interface Listener {
    /** A list came, or is still what it was. */
    void fetched(String list);

    /** It could not be fetched, or not be used. */
    void failed(String list);
  }

  /** Follows these lists, and no others any more, of which it forgets the copies. One thread. */
  public void follow(List<FetchedList> lists) {
    Map<FetchedList, Looking> next = new HashMap<>();
    List<Looking> added = new ArrayList<>();
    for (FetchedList list : lists) {
      Path copy = list.copy();
      Looking known = followed.remove(list);
      if (known == null && copy != null) {
        known = new Looking(list, copy);
        added.add(known);
      }
      if (known != null) {
        next.put(list, known);
      }
    }
    followed.values().forEach(Looking::stop);
    followed = next;
    forgetOthers(lists);
    added.forEach(Looking::start);
  }

  private void forgetOthers(List<FetchedList> lists) {
    try {
      Set<String> names = lists.stream().map(FetchedList::name).collect(Collectors.toSet());
      ListCopy.keepOnly(folder, names)
          .forEach(gone -> LOG.info("list {}: its copy is removed, nothing names it", gone));
    } catch (IOException e) {
      LOG.warn("copies of lists that nothing names cannot be removed: {}", e.toString());
    }
  }

  /** How many looks are under way. */
  int active() {
    return threads.getActiveCount();
  }

  /** How many wait for their time. */
  int queued() {
    return threads.getQueue().size();
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }

  /** One list, again and again; one look at a time. */
  private final class Looking implements Runnable {
    private final FetchedList list;
    private final Path file;

    /* Of the look that is under way, or of who stops when there is none. */
    private @Nullable ListRequest request;
    private @Nullable ListCopy here;
    private int failures;

    /* Guarded by this: who stops and who looks meet. */
    private boolean looking;
    private boolean stopped;
    private @Nullable Future<?> next;

    Looking(FetchedList list, Path file) {
      this.list = list;
      this.file = file;
    }

    /** Looks at once. */
    synchronized void start() {
      next = threads.submit(this);
    }

    /** No more looks; one that is under way ends, and changes no file once this has returned. */
    synchronized void stop() {
      stopped = true;
      if (next != null) {
        next.cancel(false);
      }
      if (!looking) {
        forget();
      }
    }

    private synchronized boolean isStopped() {
      return stopped;
    }

    private void forget() {
      if (request != null) {
        request.close();
      }
      request = null;
      here = null;
    }

    @Override
    public void run() {
      if (begins()) {
        boolean goesOn = false;
        try {
          goesOn = tryToLook();
        } finally {
          ended(goesOn);
        }
      }
    }

    private synchronized boolean begins() {
      looking = !stopped;
      return looking;
    }

    private synchronized void ended(boolean goesOn) {
      looking = false;
      if (stopped || !goesOn) {
        forget();
      } else if (!threads.isShutdown()) {
        next = threads.schedule(this, untilNext(), TimeUnit.NANOSECONDS);
      }
    }

    /** False if it is all over. */
    private boolean tryToLook() {
      try {
        look(request == null ? begin() : request);
        failures = 0;
        if (isStopped()) {
          return false;
        }
        listener.fetched(list.name());
      } catch (InterruptedException e) {
        return false; // closed
      } catch (IOException | RuntimeException e) {
        if (isStopped()) {
          return false; // nobody asks for it any more
        }
        failures++;
        LOG.warn(
            "list {}: cannot be fetched from {}: {}; {}",
            list.name(),
            list.place(),
            e.getMessage(),
            here == null ? "there is no copy of it" : "the last good copy stays");
        listener.failed(list.name());
      }
      return true;
    }

    /** A copy that is of no use must not keep the server from sending what it has. */
    private ListRequest begin() throws IOException {
      ListCopy copy = ListCopy.read(file, list.url(), list.checksum().fixed());
      here = copy == null || list.problem(copy.content()) != null ? null : copy;
      ListRequest first = new ListRequest(list);
      request = first;
      return first;
    }

    private void look(ListRequest current) throws IOException, InterruptedException {
      ListCopy newer = current.newer(here);
      if (newer != null) {
        keep(newer);
      } else if (failures > 0) {
        LOG.info("list {}: {} answers again", list.name(), list.place());
      }
    }

    /** Who stops waits for this: afterwards the file is another's to write, or to remove. */
    private synchronized void keep(ListCopy newer) throws IOException {
      if (stopped) {
        return;
      }
      newer.write(file, list.url());
      here = newer;
      LOG.info("list {}: a new version came from {}", list.name(), list.place());
    }

    private long untilNext() {
      long usual = list.every().toNanos();
      long retry = FIRST_RETRY.toNanos() << Math.min(failures - 1, 20);
      long wait = failures == 0 ? usual : Math.min(usual, retry);
      return (long) (wait * (1 + JITTER * (random.nextDouble() - 0.5)));
    }
  }
}
