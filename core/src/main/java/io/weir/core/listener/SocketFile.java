package io.weir.core.listener;

import java.io.IOException;
import java.net.ConnectException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The file that a Unix socket of ours is. For threads that may wait. */
public final class SocketFile {
  /*
   * The socket is bound beside its place, gets its permissions there, and then takes its place: so
   * nobody can connect who may not, not for a moment, and what a killed process left is replaced at
   * once. What somebody listens on stays, and so does what is no socket: a path mistyped must not
   * cost a file. At the end the file is taken away only if it is still ours: a successor may have
   * put its own there.
   */

  private static final PosixFilePermission[] FROM_LOWEST_BIT = {
    PosixFilePermission.OTHERS_EXECUTE,
    PosixFilePermission.OTHERS_WRITE,
    PosixFilePermission.OTHERS_READ,
    PosixFilePermission.GROUP_EXECUTE,
    PosixFilePermission.GROUP_WRITE,
    PosixFilePermission.GROUP_READ,
    PosixFilePermission.OWNER_EXECUTE,
    PosixFilePermission.OWNER_WRITE,
    PosixFilePermission.OWNER_READ,
  };

  private final Path place;
  private final Path beside;
  private @Nullable Object identity;

  public SocketFile(UnixDomainSocketAddress address) {
    this.place = address.getPath();
    this.beside = Path.of(besides(place.toString()));
  }

  /** Of another name that is no longer, since a longer one may be more than can be bound. */
  private static String besides(String path) {
    char last = path.endsWith("~") ? '#' : '~';
    return path.substring(0, path.length() - 1) + last;
  }

  /**
   * Where to bind.
   *
   * @throws IOException if the place is taken
   */
  public UnixDomainSocketAddress free() throws IOException {
    checkFree(place);
    checkFree(beside);
    Files.deleteIfExists(beside);
    return UnixDomainSocketAddress.of(beside);
  }

  /**
   * After binding: from now on it can be found.
   *
   * @param mode as chmod(2) takes it
   */
  public void publish(int mode) throws IOException {
    Files.setPosixFilePermissions(beside, permissions(mode));
    Files.move(beside, place, StandardCopyOption.ATOMIC_MOVE);
    BasicFileAttributes found = look(place);
    identity = found == null ? null : found.fileKey();
  }

  /** Lets others connect than before. */
  void permit(int mode) throws IOException {
    Files.setPosixFilePermissions(place, permissions(mode));
  }

  /** Before closing the socket: until then no other file can have the same identity. */
  public void remove() throws IOException {
    BasicFileAttributes found = look(place);
    if (found != null && Objects.equals(found.fileKey(), identity)) {
      Files.deleteIfExists(place);
    }
  }

  private static void checkFree(Path path) throws IOException {
    BasicFileAttributes found = look(path);
    if (found == null) {
      return;
    }
    if (!found.isOther()) {
      throw new IOException("there is a file that is not a socket");
    }
    try (SocketChannel _ = SocketChannel.open(UnixDomainSocketAddress.of(path))) {
      throw new IOException("Address already in use");
    } catch (ConnectException nobodyListens) {
      // It was left by a process that is no more.
    }
  }

  private static @Nullable BasicFileAttributes look(Path path) throws IOException {
    try {
      return Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    } catch (NoSuchFileException e) {
      return null;
    }
  }

  /** Why not, in the words of the system: exceptions of files often say no more than their name. */
  static String reason(Throwable cause) {
    return switch (cause) {
      case AccessDeniedException denied -> "Permission denied";
      case NoSuchFileException missing -> "No such file or directory";
      default -> String.valueOf(cause.getMessage());
    };
  }

  private static Set<PosixFilePermission> permissions(int mode) {
    Set<PosixFilePermission> all = EnumSet.noneOf(PosixFilePermission.class);
    for (int bit = 0; bit < FROM_LOWEST_BIT.length; bit++) {
      if ((mode & 1 << bit) != 0) {
        all.add(FROM_LOWEST_BIT[bit]);
      }
    }
    return all;
  }
}
