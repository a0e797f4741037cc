package io.weir.daemon.problem;

import java.util.Comparator;

/**
 * A place in a file.
 *
 * @param line from 1
 * @param column from 1, in code points
 */
public record Position(SourceFile source, int line, int column) implements Comparable<Position> {
  private static final Comparator<Position> ORDER =
      Comparator.comparingInt((Position p) -> p.source().order())
          .thenComparing(p -> p.source().path())
          .thenComparingInt(Position::line)
          .thenComparingInt(Position::column);

  @Override
  public int compareTo(Position other) {
    return ORDER.compare(this, other);
  }

  @Override
  public String toString() {
    return source.path() + ":" + line + ":" + column;
  }
}
