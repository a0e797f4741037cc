package io.weir.daemon.yaml;

import io.weir.daemon.problem.Position;
import io.weir.daemon.problem.SourceFile;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;

/**
 * What the YAML parser objected to, in the words of someone who edits a file.
 *
 * @param hint null where the message is all that can be said
 */
record SyntaxError(Position at, String message, @Nullable String hint) {
  private static final Pattern WORD = Pattern.compile("[^\\s,\\[\\]{}]+");
  private static final Pattern BRACKETED = Pattern.compile("\\[[^\\s,\\[\\]{}]+][^\\s,\\[\\]{}]*");

  static SyntaxError of(MarkedYAMLException failure, SourceFile source) {
    Position at = position(failure.getProblemMark(), source);
    Position began = position(failure.getContextMark(), source);
    String problem = text(failure.getProblem());
    String context = text(failure.getContext());
    if (problem.contains("(TAB)")) {
      return new SyntaxError(at, "a tab in the indentation", "YAML indents with spaces only");
    }
    if (problem.contains("another document")) {
      return new SyntaxError(
          at, "a second document begins here", "a file is one document; include: reads others");
    }
    if (context.contains("scanning an alias") || problem.contains("undefined alias")) {
      return new SyntaxError(
          at, "\"*\" begins a YAML alias here", "quote a value that begins with *");
    }
    if (problem.startsWith("expected ',' or") && source.line(at.line()).contains("${")) {
      return new SyntaxError(
          at, "a variable without quotes inside { } or [ ]", "write \"${NAME}\" in quotes here");
    }
    if (problem.startsWith("expected ',' or")) {
      String open = problem.contains("']'") ? "[" : "{";
      String place = began.line() + ":" + began.column();
      return new SyntaxError(
          at,
          problem.replaceFirst(", but got .*", ""),
          "the \"" + open + "\" at " + place + " is not closed before this");
    }
    if (problem.startsWith("expected the node content, but found ':'")) {
      String line = source.line(at.line());
      int colon = line.offsetByCodePoints(0, at.column() - 1);
      return new SyntaxError(
          at,
          "a value cannot begin with \":\" inside { } or [ ]",
          "write \"" + address(line, colon) + "\" in quotes");
    }
    if (context.contains("quoted scalar") && problem.contains("end of stream")) {
      return new SyntaxError(began, "a quote that is never closed", null);
    }
    if (problem.startsWith("mapping values are not allowed")) {
      return new SyntaxError(
          at,
          "\":\" where no key can stand",
          "check the indentation of this line and the one before;"
              + " quote a value that contains \": \"");
    }
    if (problem.startsWith("found character")) {
      return new SyntaxError(at, "a value cannot begin with this character", "quote the value");
    }
    if (problem.startsWith("expected '<document start>'")
        || problem.startsWith("expected <block end>")) {
      return new SyntaxError(
          at,
          "this does not belong where it stands",
          "check the indentation of this line and those before");
    }
    String message = context.isEmpty() ? problem : problem + " " + context;
    return new SyntaxError(at, "not YAML: " + message, null);
  }

  /** What begins with that colon, or with a bracket before it, as {@code [::]:80} does. */
  private static String address(String line, int colon) {
    int from = line.startsWith("[::", colon - 1) ? colon - 1 : colon;
    Matcher value = (from < colon ? BRACKETED : WORD).matcher(line).region(from, line.length());
    return value.lookingAt() ? value.group() : ":";
  }

  private static Position position(@Nullable Mark mark, SourceFile source) {
    return mark == null ? new Position(source, 1, 1) : YamlReader.position(source, mark);
  }

  private static String text(@Nullable String text) {
    return text == null ? "" : text;
  }
}
