package io.weir.daemon.yaml;

import io.weir.daemon.problem.Position;
import io.weir.daemon.problem.Problems;
import io.weir.daemon.problem.Reason;
import io.weir.daemon.problem.SourceFile;
import java.io.IOException;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.reader.StreamReader;

/** Reads one YAML file into {@link Yaml}, bounded in every direction. */
public final class YamlReader {
  static final int MAX_BYTES = 4 * 1024 * 1024; // ten thousand rules are about 1 MiB
  private static final int MAX_DEPTH = 50; // the deepest useful file nests about ten
  private static final int MAX_ALIASES = 100;

  private final Variables variables;
  private final Problems problems;

  public YamlReader(Variables variables, Problems problems) {
    this.variables = variables;
    this.problems = problems;
  }

  /** The document, or null after saying why there is none. */
  public @Nullable Yaml read(Path path, int order) {
    SourceFile nothing = SourceFile.of(path, "", order);
    try {
      if (Files.size(path) > MAX_BYTES) {
        return refuse(nothing, "larger than 4 MiB", "long lists belong in files of their own");
      }
      return parse(
          path,
          StandardCharsets.UTF_8
              .newDecoder()
              .decode(ByteBuffer.wrap(Files.readAllBytes(path)))
              .toString(),
          order);
    } catch (CharacterCodingException notUtf8) {
      return refuse(nothing, "not UTF-8 text", null);
    } catch (IOException unreadable) {
      return refuse(nothing, "cannot be read: " + Reason.of(unreadable), null);
    }
  }

  /** The document in a text, or null after saying why there is none. */
  public @Nullable Yaml parse(Path path, String text, int order) {
    SourceFile source = SourceFile.of(path, text, order);
    int control = firstControl(text);
    if (control >= 0) {
      return refuse(at(source, text, control), "a control character", "remove it");
    }
    try {
      Node root = new org.yaml.snakeyaml.Yaml(bounds()).compose(new StringReader(text));
      if (root == null) {
        return refuse(
            source,
            "nothing in the file",
            "the shortest useful file has version, listeners, pools and routes");
      }
      return new YamlConverter(source, variables, problems).convert(root);
    } catch (MarkedYAMLException failure) {
      SyntaxError error = SyntaxError.of(failure, source);
      return refuse(error.at(), error.message(), error.hint());
    } catch (YAMLException tooMuch) {
      boolean aliases = String.valueOf(tooMuch.getMessage()).contains("aliases");
      return refuse(
          source,
          aliases
              ? "more than " + MAX_ALIASES + " aliases of lists and maps"
              : "nested deeper than " + MAX_DEPTH + " levels",
          null);
    }
  }

  static Position position(SourceFile source, Mark mark) {
    return new Position(source, mark.getLine() + 1, mark.getColumn() + 1);
  }

  private static LoaderOptions bounds() {
    LoaderOptions options = new LoaderOptions();
    options.setCodePointLimit(MAX_BYTES);
    options.setNestingDepthLimit(MAX_DEPTH);
    options.setMaxAliasesForCollections(MAX_ALIASES);
    return options;
  }

  private static int firstControl(String text) {
    for (int i = 0; i < text.length(); i += Character.charCount(text.codePointAt(i))) {
      if (!StreamReader.isPrintable(text.codePointAt(i))) {
        return i;
      }
    }
    return -1;
  }

  private static Position at(SourceFile source, String text, int index) {
    int line = (int) text.substring(0, index).chars().filter(c -> c == '\n').count() + 1;
    int start = text.lastIndexOf('\n', index - 1) + 1;
    return new Position(source, line, text.codePointCount(start, index) + 1);
  }

  private @Nullable Yaml refuse(SourceFile source, String message, @Nullable String hint) {
    return refuse(new Position(source, 1, 1), message, hint);
  }

  private @Nullable Yaml refuse(Position at, String message, @Nullable String hint) {
    problems.error(at, "", message, hint);
    return null;
  }
}
