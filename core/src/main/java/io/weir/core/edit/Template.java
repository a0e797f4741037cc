package io.weir.core.edit;

import io.weir.core.http.Fields;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A field value with placeholders: {@code {client_ip}} stands for the client's address. <code>{{
 * </code> is a brace; a brace that begins no name is itself.
 */
public final class Template {
  private static final Pattern BRACE = Pattern.compile("\\{\\{|\\{([a-z_]+)}");

  private final byte[][] texts; // one more than placeholders
  private final Placeholder[] placeholders;

  private Template(List<String> texts, List<Placeholder> placeholders) {
    this.texts =
        texts.stream().map(text -> text.getBytes(StandardCharsets.UTF_8)).toArray(byte[][]::new);
    this.placeholders = placeholders.toArray(Placeholder[]::new);
  }

  /**
   * Reads a value.
   *
   * @throws IllegalArgumentException naming what is wrong and what was expected
   */
  public static Template of(String text) {
    if (text.chars().anyMatch(c -> (c < ' ' && c != '\t') || c == 127)) {
      throw new IllegalArgumentException(
          "control characters (expected: none, since a line break would begin another field)");
    }
    List<String> texts = new ArrayList<>();
    List<Placeholder> placeholders = new ArrayList<>();
    StringBuilder literal = new StringBuilder();
    Matcher brace = BRACE.matcher(text);
    int at = 0;
    while (brace.find()) {
      literal.append(text, at, brace.start());
      at = brace.end();
      String name = brace.group(1);
      if (name == null) {
        literal.append('{');
        continue;
      }
      Placeholder placeholder = Placeholder.named(name);
      if (placeholder == null) {
        throw new IllegalArgumentException(
            "there is no {"
                + name
                + "} (expected: "
                + String.join(", ", Placeholder.words())
                + ")");
      }
      placeholders.add(placeholder);
      texts.add(literal.toString());
      literal.setLength(0);
    }
    texts.add(literal.append(text, at, text.length()).toString());
    return new Template(texts, placeholders);
  }

  public List<Placeholder> placeholders() {
    return List.of(placeholders);
  }

  void append(Fields line, RequestValues values) {
    line.append(texts[0]);
    for (int i = 0; i < placeholders.length; i++) {
      values.append(placeholders[i], line);
      line.append(texts[i + 1]);
    }
  }
}
