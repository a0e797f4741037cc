package io.weir.daemon.yaml;

import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The environment's variables in values: a dollar and {@code NAME} or {@code NAME:-default}. */
public final class Variables {
  // ${NAME} or ${NAME:-default}; $${ stands for ${ itself.
  private static final Pattern REFERENCE =
      Pattern.compile("\\$(\\$)?\\{(?:([A-Za-z_][A-Za-z0-9_]*)(:-([^}]*))?})?");

  private final Function<String, @Nullable String> environment;

  public Variables(Function<String, @Nullable String> environment) {
    this.environment = environment;
  }

  /**
   * The text with every reference replaced.
   *
   * @throws IllegalArgumentException for a reference that has no value or no end
   */
  String replaceIn(String text) {
    if (!text.contains("${")) {
      return text;
    }
    StringBuilder replaced = new StringBuilder();
    Matcher references = REFERENCE.matcher(text);
    while (references.find()) {
      references.appendReplacement(replaced, Matcher.quoteReplacement(value(references)));
    }
    return references.appendTail(replaced).toString();
  }

  private String value(Matcher reference) {
    if (reference.group(1) != null) {
      return reference.group().substring(1);
    }
    String name = reference.group(2);
    if (name == null) {
      throw new IllegalArgumentException(
          "\"${\" without a name and an end (expected: ${NAME} or ${NAME:-default})");
    }
    String value = environment.apply(name);
    if (value != null) {
      return value;
    }
    if (reference.group(3) != null) {
      return reference.group(4);
    }
    throw new IllegalArgumentException(
        "${" + name + "}: not in the environment (a default would be ${" + name + ":-...})");
  }
}
