package io.weir.daemon.config;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Finds files by a pattern in the shell's sense: {@code *}, {@code ?}, {@code [ab]}, {@code {a,b}}.
 */
final class Glob {
  private Glob() {}

  /**
   * The files that a pattern names, in path order. Names with a leading dot are matched only by a
   * dot, as in a shell, so that editors' temporary files stay out.
   *
   * @param base the file beside which a relative pattern looks
   * @throws IOException if a folder cannot be read, or a name without wildcards does not exist
   */
  static SortedSet<Path> find(Path base, String pattern) throws IOException {
    Path parts = Path.of(pattern);
    List<Path> found = List.of(parts.isAbsolute() ? parts.getRoot() : base.resolveSibling(""));
    for (Path part : parts) {
      found = isWild(part.toString()) ? matching(found, part.toString()) : resolved(found, part);
    }
    SortedSet<Path> files = new TreeSet<>();
    for (Path file : found) {
      if (Files.exists(file)) {
        files.add(file);
      } else if (!isWild(pattern)) {
        throw new NoSuchFileException(file.toString());
      }
    }
    return files;
  }

  private static boolean isWild(String name) {
    return name.chars().anyMatch(c -> "*?[{".indexOf(c) >= 0);
  }

  private static List<Path> resolved(List<Path> folders, Path name) {
    return folders.stream().map(folder -> folder.resolve(name)).toList();
  }

  private static List<Path> matching(List<Path> folders, String pattern) throws IOException {
    List<Path> found = new ArrayList<>();
    for (Path folder : folders) {
      if (!Files.isDirectory(folder)) {
        continue;
      }
      try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder, pattern)) {
        for (Path entry : entries) {
          if (pattern.startsWith(".") || !String.valueOf(entry.getFileName()).startsWith(".")) {
            found.add(entry);
          }
        }
      } catch (DirectoryIteratorException failure) {
        throw failure.getCause();
      }
    }
    return found;
  }
}
