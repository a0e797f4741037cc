package io.weir.daemon.problem;

import java.nio.file.Path;
import java.util.List;

/**
 * One text file that a configuration came from.
 *
 * @param path as the user would type it
 * @param order place among the files in the order of reading; the main file is 0
 */
public record SourceFile(Path path, List<String> lines, int order) {
  public SourceFile {
    lines = List.copyOf(lines);
  }

  public static SourceFile of(Path path, String text, int order) {
    return new SourceFile(path, text.lines().toList(), order);
  }

  /** The line's text, empty past the end of the file. */
  public String line(int number) {
    return number >= 1 && number <= lines.size() ? lines.get(number - 1) : "";
  }

  /** What a path inside this file means: relative to the folder of the file that names it. */
  public Path resolve(String relative) {
    return path.resolveSibling(relative);
  }
}
