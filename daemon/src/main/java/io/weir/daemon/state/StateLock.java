package io.weir.daemon.state;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The folder for state, taken by one process at a time: two would write over each other's bans. It
 * is free again when the process ends, however that happens.
 */
public final class StateLock implements AutoCloseable {
  /*
   * The lock is the system's, on a file that is never removed: who removed it could leave one process
   * with a lock on a file that is gone, and another one with a lock on a new file of that name. What
   * the file says, the number of the process, is for people only.
   */
  private static final Logger LOG = LoggerFactory.getLogger(StateLock.class);

  private static final String FILE = "lock";
  private static final int LONGEST_NUMBER = 10; // digits

  private final @Nullable FileChannel channel;

  private StateLock(@Nullable FileChannel channel) {
    this.channel = channel;
  }

  /** Another process has the folder. */
  public static final class InUse extends Exception {
    private static final long serialVersionUID = 1;

    private InUse(String message) {
      super(message);
    }
  }

  /**
   * Takes a folder, and makes it if it is not there. Where there can be no lock, nothing could be
   * kept either, or the system of files knows none: then it goes on without, and says so.
   *
   * @param folder null: there is none to take
   * @throws InUse with the folder and, if it is known, the process
   */
  public static StateLock take(@Nullable Path folder) throws InUse {
    if (folder == null) {
      return new StateLock(null);
    }
    Path file = folder.resolve(FILE);
    FileChannel channel = open(folder, file);
    if (channel == null) {
      return new StateLock(null);
    }
    StateLock lock = new StateLock(channel);
    try {
      if (!isLocked(channel)) {
        lock.close();
        throw new InUse(
            "%s: another Weir%s keeps its bans and lists there (expected: a folder of its own for each, named by %s)"
                .formatted(folder, process(file), StateDirectory.VARIABLE));
      }
    } catch (IOException e) {
      LOG.warn(
          "{} cannot be locked, so that another Weir could use its folder, too: {} ({})",
          file,
          e.toString(),
          "name a folder on a disk of this host by " + StateDirectory.VARIABLE);
      lock.close();
      return new StateLock(null);
    }
    writeProcess(channel, file);
    return lock;
  }

  private static @Nullable FileChannel open(Path folder, Path file) {
    try {
      Files.createDirectories(folder);
      return FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    } catch (IOException e) {
      LOG.warn(
          "{} cannot be opened to be locked, so that another Weir could use its folder, too: {}"
              + " ({})",
          file,
          e.toString(),
          "let this user write it and its folder, or name another folder by "
              + StateDirectory.VARIABLE);
      return null;
    }
  }

  /** The lock holds without it, on a disk that is full, too. */
  private static void writeProcess(FileChannel channel, Path file) {
    try {
      channel.truncate(0);
      String self = ProcessHandle.current().pid() + "\n";
      channel.write(ByteBuffer.wrap(self.getBytes(StandardCharsets.US_ASCII)));
    } catch (IOException e) {
      LOG.warn("{} is locked, but does not say by which process: {}", file, e.toString());
    }
  }

  private static boolean isLocked(FileChannel channel) throws IOException {
    try {
      FileLock lock = channel.tryLock();
      return lock != null;
    } catch (OverlappingFileLockException e) {
      return false; // by this very process
    }
  }

  /** The process that has it, with a comma before it; empty if it does not say. */
  private static String process(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] start = in.readNBytes(LONGEST_NUMBER + 1);
      String number = new String(start, StandardCharsets.US_ASCII).strip();
      return number.matches("[0-9]{1,10}") ? ", process " + number + "," : "";
    } catch (IOException e) {
      return "";
    }
  }

  /** Lets others take it. */
  @Override
  public void close() {
    if (channel == null) {
      return;
    }
    try {
      channel.close();
    } catch (IOException e) {
      LOG.warn("the folder for state stays locked until the process ends: {}", e.toString());
    }
  }
}
