package io.weir.daemon.service;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Who listens on a TCP port, as far as /proc lets us see. */
final class PortHolder {
  private static final Path PROC = Path.of("/proc");
  private static final List<String> TABLES = List.of("net/tcp", "net/tcp6");
  private static final String LISTENING = "0A"; // TCP_LISTEN of the kernel
  private static final int LOCAL_ADDRESS = 1;
  private static final int STATE = 3;
  private static final int INODE = 9;

  private PortHolder() {}

  /** Name and process id, like {@code nginx (process 4711)}. */
  static Optional<String> find(int port) {
    Set<String> sockets = new HashSet<>();
    for (String table : TABLES) {
      sockets.addAll(listening(PROC.resolve(table), port));
    }
    if (sockets.isEmpty()) {
      return Optional.empty();
    }
    try (DirectoryStream<Path> processes = Files.newDirectoryStream(PROC, "[0-9]*")) {
      for (Path process : processes) {
        if (holds(process, sockets)) {
          String name = Files.readString(process.resolve("comm")).strip();
          return Optional.of(name + " (process " + process.getFileName() + ")");
        }
      }
    } catch (IOException e) {
      // Processes come and go, and not all may be looked at.
    }
    return Optional.empty();
  }

  /** The targets that links to the port's sockets have. */
  private static Set<String> listening(Path table, int port) {
    String suffix = ":%04X".formatted(port);
    Set<String> sockets = new HashSet<>();
    try {
      for (String row : Files.readAllLines(table)) {
        String[] columns = row.strip().split("\\s+", -1);
        if (columns.length > INODE
            && columns[LOCAL_ADDRESS].endsWith(suffix)
            && columns[STATE].equals(LISTENING)) {
          sockets.add("socket:[" + columns[INODE] + "]");
        }
      }
    } catch (IOException e) {
      // A kernel without IPv6 has no such table.
    }
    return sockets;
  }

  private static boolean holds(Path process, Set<String> sockets) {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(process.resolve("fd"))) {
      for (Path file : files) {
        if (sockets.contains(Files.readSymbolicLink(file).toString())) {
          return true;
        }
      }
    } catch (IOException e) {
      // Somebody else's process, or one that is gone.
    }
    return false;
  }
}
