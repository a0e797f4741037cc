package io.weir.daemon.watch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Tells when files have become others and stay so. For one thread, which asks now and then. */
public final class FileWatch {
  /*
   * A file is asked for what it is now: which file the name leads to, its size and its time. That
   * sees a write in place, a rename over it, and a symbolic link turned anywhere on the way, as
   * Kubernetes does with a whole folder. A change counts once it looks the same twice in a row, so
   * that a certificate and its key, or the halves of a long list, are read when both are there. A file that is written again and again is read in
   * the end, too.
   */
  private static final int MOST_UNSETTLED = 10; // looks, each of which saw something else

  private Map<Path, Stamp> read = Map.of();
  private Map<Path, Stamp> seen = Map.of();
  private int unsettled;

  /**
   * What a name leads to.
   *
   * @param identity device and inode; null where the system has none
   */
  private record Stamp(@Nullable Object identity, FileTime modified, long size) {
    static final Stamp NOTHING = new Stamp(null, FileTime.fromMillis(0), -1);

    static Stamp of(Path file) {
      try {
        BasicFileAttributes now = Files.readAttributes(file, BasicFileAttributes.class);
        return new Stamp(now.fileKey(), now.lastModifiedTime(), now.size());
      } catch (IOException notThere) {
        return NOTHING;
      }
    }
  }

  /**
   * Whether files have changed since they were read, and not since this was last asked, or so often
   * that there is no waiting for it.
   */
  public boolean changed() {
    Map<Path, Stamp> now = stamps(read.keySet());
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

  /** These were read since {@link #reading}; others are no longer of interest. */
  public void watch(Set<Path> files) {
    Map<Path, Stamp> next = new HashMap<>();
    for (Path file : files) {
      Stamp before = read.get(file);
      next.put(file, before == null ? Stamp.of(file) : before);
    }
    read = next;
    seen = next;
  }

  private static Map<Path, Stamp> stamps(Set<Path> files) {
    Map<Path, Stamp> stamps = new HashMap<>();
    files.forEach(file -> stamps.put(file, Stamp.of(file)));
    return stamps;
  }
}
