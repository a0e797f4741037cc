package io.weir.daemon.yaml;

import io.weir.daemon.problem.Position;
import io.weir.daemon.problem.Problems;
import io.weir.daemon.problem.SourceFile;
import io.weir.daemon.yaml.Yaml.Entry;
import io.weir.daemon.yaml.Yaml.Mapping;
import io.weir.daemon.yaml.Yaml.Scalar;
import io.weir.daemon.yaml.Yaml.Sequence;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.DumperOptions.ScalarStyle;
import org.yaml.snakeyaml.nodes.CollectionNode;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;

/** Turns the parser's nodes into {@link Yaml}: texts instead of types, and no key twice. */
final class YamlConverter {
  /** Aliases multiply: ten levels of ten references are ten thousand million values. */
  private static final int MAX_VALUES = 500_000;

  private final SourceFile source;
  private final Variables variables;
  private final Problems problems;
  private final Set<Node> open = Collections.newSetFromMap(new IdentityHashMap<>());
  private int values;

  YamlConverter(SourceFile source, Variables variables, Problems problems) {
    this.source = source;
    this.variables = variables;
    this.problems = problems;
  }

  @Nullable Yaml convert(Node root) {
    Yaml yaml = convert(root, "", null);
    if (values <= MAX_VALUES) {
      return yaml;
    }
    problems.error(
        at(root), "", "more than " + MAX_VALUES + " values", "aliases repeat what they refer to");
    return null;
  }

  private Yaml convert(Node node, String path, @Nullable Position keyAt) {
    if (++values > MAX_VALUES) {
      return new Scalar(at(node), "", true);
    }
    Position at = keyAt != null && node instanceof CollectionNode<?> ? keyAt : at(node);
    if (node.getTag().getValue().startsWith("!")) {
      problems.error(
          at(node), path, node.getTag().getValue() + ": a YAML tag (expected: none)", null);
    }
    if (node instanceof ScalarNode scalar) {
      return scalar(scalar, path, at);
    }
    if (!open.add(node)) {
      problems.error(at, path, "an alias inside the value that it refers to", null);
      return new Scalar(at, "", true);
    }
    Yaml yaml =
        node instanceof SequenceNode sequence
            ? new Sequence(at, items(sequence, path))
            : new Mapping(at, entries((MappingNode) node, path));
    open.remove(node);
    return yaml;
  }

  private Scalar scalar(ScalarNode scalar, String path, Position at) {
    boolean plain = scalar.getScalarStyle() == ScalarStyle.PLAIN;
    try {
      String text = variables.replaceIn(scalar.getValue());
      return new Scalar(at, text, plain && text.isEmpty());
    } catch (IllegalArgumentException noValue) {
      problems.error(at, path, String.valueOf(noValue.getMessage()), null);
      return new Scalar(at, scalar.getValue(), false);
    }
  }

  private List<Yaml> items(SequenceNode sequence, String path) {
    List<Yaml> items = new ArrayList<>();
    for (Node item : sequence.getValue()) {
      items.add(convert(item, Yaml.child(path, items.size()), null));
    }
    return List.copyOf(items);
  }

  private SequencedMap<String, Entry> entries(MappingNode mapping, String path) {
    SequencedMap<String, Entry> entries = new LinkedHashMap<>();
    for (NodeTuple tuple : mapping.getValue()) {
      Position keyAt = at(tuple.getKeyNode());
      if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
        problems.error(
            keyAt,
            path,
            "a list or map as a key (expected: a word)",
            "quote a value that begins with { or [");
        continue;
      }
      String name = key.getValue();
      if (name.equals("<<")) {
        problems.error(
            keyAt,
            path,
            "<<: a YAML merge (expected: the keys themselves, or an alias for the whole map)",
            null);
        continue;
      }
      Entry first = entries.get(name);
      if (first != null) {
        problems.error(
            keyAt,
            Yaml.child(path, name),
            "\"" + name + "\" again (first at " + first.keyAt() + ")",
            null);
        continue;
      }
      entries.put(
          name, new Entry(keyAt, convert(tuple.getValueNode(), Yaml.child(path, name), keyAt)));
    }
    return entries;
  }

  private Position at(Node node) {
    return YamlReader.position(source, node.getStartMark());
  }
}
