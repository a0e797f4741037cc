package io.weir.daemon.watch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import org.jspecify.annotations.Nullable;

/**
 * What a name leads to at a time.
 *
 * @param identity device and inode; null where the system has none
 */
public record FileStamp(@Nullable Object identity, FileTime modified, long size) {
  private static final FileStamp NOTHING = new FileStamp(null, FileTime.fromMillis(0), -1);

  /** Now; of what is about to be read it is to be taken before that. */
  public static FileStamp of(Path file) {
    try {
      BasicFileAttributes now = Files.readAttributes(file, BasicFileAttributes.class);
      return new FileStamp(now.fileKey(), now.lastModifiedTime(), now.size());
    } catch (IOException notThere) {
      return NOTHING;
    }
  }
}
