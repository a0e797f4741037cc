package io.weir.core.testkit;

import io.weir.metrics.Exposition;
import io.weir.metrics.Metrics;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The metrics as a scrape would see them. */
final class Figures {
  private final Exposition exposition;

  Figures(Metrics metrics) {
    this.exposition = new Exposition(metrics, List.of());
  }

  /** The sum of the samples of that name which have all these label values. */
  double sum(String name, String... labelValues) {
    List<String> lines =
        text()
            .lines()
            .filter(line -> line.startsWith(name + "{") || line.startsWith(name + " "))
            .toList();
    if (lines.isEmpty()) {
      throw new AssertionError("there is no " + name);
    }
    return lines.stream()
        .filter(
            line -> List.of(labelValues).stream().allMatch(v -> line.contains("=\"" + v + "\"")))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }

  private String text() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      exposition.write(Exposition.Format.PROMETHEUS, out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toString(StandardCharsets.UTF_8);
  }
}
