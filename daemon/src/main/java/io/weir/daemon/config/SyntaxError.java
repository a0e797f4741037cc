package io.weir.daemon.config;

import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.error.MarkedYAMLException;

/**
 * What the YAML parser objected to, in the words of someone who edits a file.
 *
 * @param hint null where the message is all that can be said
 */
record SyntaxError(String message, @Nullable String hint) {

  static SyntaxError of(MarkedYAMLException failure, String line) {
    String problem = text(failure.getProblem());
    String context = text(failure.getContext());
    if (problem.contains("(TAB)")) {
      return new SyntaxError("a tab in the indentation", "YAML indents with spaces only");
    }
    if (problem.contains("another document")) {
      return new SyntaxError(
          "a second document begins here", "a file is one document; include: reads others");
    }
    if (context.contains("scanning an alias")) {
      return new SyntaxError("\"*\" begins a YAML alias here", "quote a value that begins with *");
    }
    if (problem.contains("found undefined alias")) {
      return new SyntaxError(
          "a YAML alias without an anchor of that name", "quote a value that begins with *");
    }
    if (problem.startsWith("expected ',' or") && line.contains("${")) {
      return new SyntaxError(
          "a variable without quotes inside { } or [ ]", "write \"${NAME}\" in quotes here");
    }
    if (problem.startsWith("mapping values are not allowed")) {
      return new SyntaxError(
          "\":\" where no key can stand",
          "check the indentation of this line and the one before; quote a value that contains \":"
              + " \"");
    }
    if (problem.startsWith("found character")) {
      return new SyntaxError("a value cannot begin with this character", "quote the value");
    }
    if (problem.startsWith("expected '<document start>'")
        || problem.startsWith("expected <block end>")) {
      return new SyntaxError(
          "this does not belong where it stands",
          "check the indentation of this line and those before");
    }
    String message = context.isEmpty() ? problem : problem + " " + context;
    return new SyntaxError("not YAML: " + message, null);
  }

  private static String text(@Nullable String text) {
    return text == null ? "" : text;
  }
}
