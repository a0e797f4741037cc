package io.weir.daemon.watch;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** Tells when files have become others and stay so. For one thread, which asks now and then. */
public final class FileWatch {
  /*
   * A file is asked for what it is now: which file the name leads to, its size and its time. That
   * sees a write in place, a rename over it, and a symbolic link turned anywhere on the way, as
   * Kubernetes does with a whole folder. A change counts once it looks the same twice in a row, so
   * that a certificate and its key, or the halves of a long list, are read when both are there. A
   * file that is written again and again is read in the end, too.
   */
  private static final int MOST_UNSETTLED = 10; // looks, each of which saw something else

  private Map<Path, FileStamp> read = Map.of();
  private Map<Path, FileStamp> seen = Map.of();
  private int unsettled;

  /**
   * Whether files have changed since they were read, and not since this was last asked, or so often
   * that there is no waiting for it.
   */
  public boolean changed() {
    Map<Path, FileStamp> now = stamps(read.keySet());
    unsettled = now.equals(seen) ? 0 : unsettled + 1;
    boolean settled = unsettled == 0 || unsettled >= MOST_UNSETTLED;
    seen = now;
    return settled && !now.equals(read);
  }

  /** The files are about to be read: whatever changes from now on is a change. */
  public void reading() {
    read = stamps(read.keySet());
    seen = read;
    unsettled = 0;
  }

  /**
   * These were read since {@link #reading}; others are no longer of interest.
   *
   * @param files each with its stamp of just before it was read
   */
  public void watch(Map<Path, FileStamp> files) {
    Map<Path, FileStamp> next = new HashMap<>();
    files.forEach((file, stamp) -> {
      FileStamp before = read.get(file); // it may have been read more than once since then
      next.put(file, before == null ? stamp : before);
    });
    read = next;
    seen = next;
  }

  private static Map<Path, FileStamp> stamps(Set<Path> files) {
    Map<Path, FileStamp> stamps = new HashMap<>();
    files.forEach(file -> stamps.put(file, FileStamp.of(file)));
    return stamps;
  }
}
