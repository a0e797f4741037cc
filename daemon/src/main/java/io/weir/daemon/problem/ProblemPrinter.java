package io.weir.daemon.problem;

import com.fasterxml.jackson.jr.ob.JSON;
import io.weir.daemon.problem.Problem.Severity;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Writes problems for people: place, message, the line with a caret under it, and a hint. */
public final class ProblemPrinter {
  private static final String BOLD = "\u001b[1m";
  private static final String RED = "\u001b[31m";
  private static final String YELLOW = "\u001b[33m";
  private static final String DIM = "\u001b[2m";
  private static final String PLAIN = "\u001b[0m";
  private static final int MAX_LINE = 160; // of a longer line what is around the problem is shown
  private static final int BEFORE = 60; // of these before it, so that most of the value is there
  private static final String CUT = "... ";

  private final boolean colour;

  public ProblemPrinter(boolean colour) {
    this.colour = colour;
  }

  /** All of them and their number, each line ended; empty for none. */
  public String print(List<Problem> problems) {
    StringBuilder out = new StringBuilder();
    problems.forEach(problem -> print(problem, out));
    if (!problems.isEmpty()) {
      out.append(style(BOLD, count(problems))).append('\n');
    }
    return out.toString();
  }

  /** The same as a JSON array, one object each. */
  public static String json(List<Problem> problems) {
    List<Map<String, Object>> items = new ArrayList<>();
    for (Problem problem : problems) {
      Map<String, Object> item = new LinkedHashMap<>();
      item.put("severity", isError(problem) ? "error" : "warning");
      item.putAll(place(problem.at()));
      item.put("message", problem.message());
      if (problem.hint() != null) {
        item.put("hint", problem.hint());
      }
      if (problem.other() != null) {
        item.put("see", place(problem.other()));
      }
      items.add(item);
    }
    try {
      return JSON.std.with(JSON.Feature.PRETTY_PRINT_OUTPUT).asString(items);
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible); // it writes to memory
    }
  }

  private static Map<String, Object> place(Position at) {
    Map<String, Object> place = new LinkedHashMap<>();
    place.put("file", at.source().path().toString());
    place.put("line", at.line());
    place.put("column", at.column());
    return place;
  }

  private void print(Problem problem, StringBuilder out) {
    String place = problem.at() + ": ";
    String kind = isError(problem) ? "" : "warning: ";
    out.append(style(BOLD, place))
        .append(style(colourOf(problem), kind + printable(problem.message())));
    out.append('\n');
    String line = problem.at().source().line(problem.at().line());
    if (!line.isBlank()) {
      show(line, problem, out);
    }
    if (problem.other() != null) {
      out.append("    see: ").append(problem.other()).append('\n');
    }
    if (problem.hint() != null) {
      out.append("    hint: ").append(printable(problem.hint())).append('\n');
    }
  }

  /** The line, or as much of it as fits, and the caret. */
  private void show(String line, Problem problem, StringBuilder out) {
    int[] all = line.codePoints().toArray();
    int at = Math.min(problem.at().column() - 1, all.length);
    int from = all.length <= MAX_LINE ? 0 : Math.max(0, at - BEFORE);
    int to = Math.min(all.length, from + MAX_LINE);
    String before = (from > 0 ? CUT : "") + new String(all, from, at - from);
    String after = new String(all, at, Math.max(0, to - at)) + (to < all.length ? " ..." : "");
    out.append("    ").append(style(DIM, printable(before + after))).append('\n');
    out.append("    ").append(style(colourOf(problem), blank(before) + "^")).append('\n');
  }

  /** As wide as the text; tabs stay tabs. */
  private static String blank(String text) {
    return text.codePoints()
        .collect(
            StringBuilder::new,
            (out, c) -> out.append(c == '\t' ? '\t' : ' '),
            StringBuilder::append)
        .toString();
  }

  private static String printable(String line) {
    return line.replaceAll("[\\p{Cntrl}&&[^\t]]", "?");
  }

  private static String count(List<Problem> problems) {
    long errors = problems.stream().filter(ProblemPrinter::isError).count();
    long warnings = problems.size() - errors;
    if (errors == 0) {
      return words(warnings, "warning");
    }
    return warnings == 0
        ? words(errors, "error")
        : words(errors, "error") + ", " + words(warnings, "warning");
  }

  private static String words(long count, String what) {
    return count + " " + what + (count == 1 ? "" : "s");
  }

  private static String colourOf(Problem problem) {
    return isError(problem) ? RED : YELLOW;
  }

  private static boolean isError(Problem problem) {
    return problem.severity() == Severity.ERROR;
  }

  private String style(String code, String text) {
    return colour && !text.isEmpty() ? code + text + PLAIN : text;
  }
}
