package io.weir.daemon.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.http.Failure;
import io.weir.metrics.Buckets;
import io.weir.metrics.MetricName;
import io.weir.metrics.MetricType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** docs/metrics.md names every metric and every reason, and no other. */
class MetricsReferenceTest {
  private static final Pattern METRIC =
      Pattern.compile("(?m)^\\| `(weir_\\w+)` \\| ([^|]+) \\|([^|]*)\\| ([^|]+) \\|$");
  private static final Pattern REASON =
      Pattern.compile("(?m)^\\| `([a-z_0-9]+)` \\| (\\d{3}) \\| [^|]+ \\|$");

  @Test
  void everyMetricIsThereWithItsTypeAndLabelsAndBeginsWithItsHelp() throws IOException {
    List<String> documented =
        rows(METRIC).stream().map(row -> row.group(1) + row.group(2) + row.group(3)).toList();
    assertThat(documented)
        .containsExactlyInAnyOrderElementsOf(
            Arrays.stream(MetricName.values())
                .map(name -> name.exported() + type(name) + labels(name))
                .toList());
    assertThat(rows(METRIC))
        .allSatisfy(row -> assertThat(row.group(4)).startsWith(help(row.group(1))));
  }

  @Test
  void everyReasonIsThereWithItsStatus() throws IOException {
    assertThat(rows(REASON).stream().map(row -> row.group(1) + " " + row.group(2)))
        .containsExactlyInAnyOrderElementsOf(
            Arrays.stream(Failure.values())
                .map(failure -> failure.label() + " " + failure.status())
                .toList());
  }

  private static List<MatchResult> rows(Pattern pattern) throws IOException {
    return pattern.matcher(Files.readString(Path.of("../docs/metrics.md"))).results().toList();
  }

  private static String help(String exported) {
    return Arrays.stream(MetricName.values())
        .filter(name -> name.exported().equals(exported))
        .findAny()
        .orElseThrow()
        .help();
  }

  private static String type(MetricName name) {
    String type = name.type().name().toLowerCase(Locale.ROOT);
    return name.type() == MetricType.HISTOGRAM && name.buckets() == Buckets.FAST
        ? type + ", *fast*"
        : type;
  }

  private static String labels(MetricName name) {
    return name.labels().isEmpty()
        ? " "
        : name.labels().stream().collect(Collectors.joining("`, `", " `", "` "));
  }
}
