package io.weir.daemon.service;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;

/** How many files, and so connections, this process may have open. */
final class FileLimit {
  private static final Path LIMITS = Path.of("/proc/self/limits");
  private static final String ROW = "Max open files";

  private FileLimit() {}

  /** The soft limit; empty where the system does not say. */
  static OptionalLong read() {
    try {
      return Files.readAllLines(LIMITS).stream()
          .filter(line -> line.startsWith(ROW))
          .map(line -> line.substring(ROW.length()).strip().split("\\s+", 2)[0])
          .filter(value -> value.matches("[0-9]{1,18}"))
          .mapToLong(Long::parseLong)
          .findFirst();
    } catch (IOException e) {
      return OptionalLong.empty();
    }
  }
}
