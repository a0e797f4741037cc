package io.weir.daemon.log;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.jr.ob.JSON;
import io.weir.core.log.Outcome;
import io.weir.firewall.Decision;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** docs/configuration.md names every key of the access log and every outcome, and no other. */
class AccessLogReferenceTest {
  private static final Pattern SECTION =
      Pattern.compile("(?ms)^### The access log$(.*?)^(\\| Outcome .*?)^###? ");
  private static final Pattern ROW = Pattern.compile("(?m)^\\| (`[^|]+) \\|");
  private static final Pattern WORD = Pattern.compile("`([a-z0-9_]+)`");

  private final MatchResult section =
      SECTION
          .matcher(Files.readString(Path.of("../docs/configuration.md")))
          .results()
          .findFirst()
          .orElseThrow();

  AccessLogReferenceTest() throws IOException {}

  @Test
  void everyKeyIsThereInItsOrder() throws IOException {
    List<String> written = new ArrayList<>(keys(FixedRecord.ordinary()));
    written.add("rule"); // what is refused has no backend, so no line has all keys
    assertThat(keys(FixedRecord.ordinary().unanswered())).contains("rule");
    assertThat(words(section.group(1))).containsExactlyElementsOf(written);
  }

  @Test
  void relayedConnectionsHaveKeysOfRequestsOnly() throws IOException {
    LineBuffer line = new LineBuffer();
    new JsonFormat().write(FixedConnection.ordinary(), line);
    assertThat(words(section.group(1))).containsSubsequence(keys(line));
  }

  @Test
  void everyOutcomeOfTheRulesIsThere() {
    assertThat(words(section.group(2)))
        .containsExactlyInAnyOrderElementsOf(
            Arrays.stream(Decision.values()).map(Outcome::of).toList());
  }

  private static List<String> keys(FixedRecord record) throws IOException {
    LineBuffer line = new LineBuffer();
    new JsonFormat().write(record, line);
    return keys(line);
  }

  private static List<String> keys(LineBuffer line) throws IOException {
    return List.copyOf(JSON.std.mapFrom(line.toString()).keySet());
  }

  /** What the first cells of the table's rows name. */
  private static List<String> words(String table) {
    return ROW.matcher(table)
        .results()
        .flatMap(row -> WORD.matcher(row.group(1)).results())
        .map(word -> word.group(1))
        .toList();
  }
}
