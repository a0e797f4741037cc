package io.weir.daemon.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Rows under headings, in columns as wide as they need; columns of numbers are to the right. */
public final class Table {
  private static final String GAP = "  ";
  private static final Pattern NUMBER = Pattern.compile("[0-9.,]+|-");

  private final List<String> headings;
  private final List<List<String>> rows = new ArrayList<>();

  public Table(String... headings) {
    this.headings = List.of(headings);
  }

  public void row(String... cells) {
    if (cells.length != headings.size()) {
      throw new IllegalArgumentException(
          cells.length + " cells (expected: " + headings.size() + ")");
    }
    rows.add(List.of(cells));
  }

  public boolean isEmpty() {
    return rows.isEmpty();
  }

  /** With the end of the last line. */
  @Override
  public String toString() {
    List<Column> columns = columns();
    StringBuilder text = new StringBuilder();
    line(headings, columns, text);
    rows.forEach(row -> line(row, columns, text));
    return text.toString();
  }

  /** How the cells of a column are written; known once all of them are. */
  private record Column(int width, boolean numeric) {
    String pad(String cell) {
      String padding = " ".repeat(width - cell.length());
      return numeric ? padding + cell : cell + padding;
    }
  }

  private List<Column> columns() {
    List<Column> columns = new ArrayList<>();
    for (int column = 0; column < headings.size(); column++) {
      columns.add(new Column(width(column), isNumeric(column)));
    }
    return columns;
  }

  private static void line(List<String> cells, List<Column> columns, StringBuilder text) {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < cells.size(); i++) {
      line.append(columns.get(i).pad(cells.get(i))).append(GAP);
    }
    text.append(line.toString().stripTrailing()).append('\n');
  }

  private int width(int column) {
    int width = headings.get(column).length();
    for (List<String> row : rows) {
      width = Math.max(width, row.get(column).length());
    }
    return width;
  }

  private boolean isNumeric(int column) {
    return rows.stream().allMatch(row -> NUMBER.matcher(row.get(column)).matches());
  }
}
