package io.weir.core.stories.http2;

import static io.weir.core.stories.http2.Http2Row.REFUSED_STREAM;
import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.stories.http2.Http2Row.Reach;
import io.weir.core.testkit.Http2Client;
import io.weir.core.testkit.Http2Frame;
import io.weir.core.testkit.LeakWatch;
import io.weir.core.testkit.Stage;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every row of the tables, on a connection of its own. After each that the connection survives, a
 * good request must be served on it; whatever happened, a backend of HTTP/1 has got what the row
 * says, or not a byte.
 */
@TestInstance(Lifecycle.PER_CLASS)
class Http2Stories {
  private static final int INITIAL_WINDOW = 4;

  /** Higher than all that the rows use. */
  private static final int FENCE = 9_001;

  private final Stage stage = new Stage();
  private final Map<Reach, RowSite> sites = new EnumMap<>(Reach.class);

  static Stream<Http2Row> rows() {
    return Stream.of(
            FramingRows.rows(),
            LiteralRows.rows(),
            StreamRows.rows(),
            WindowRows.rows(),
            PseudoFieldRows.rows(),
            FieldRows.rows(),
            TargetRows.rows(),
            ContentRows.rows())
        .flatMap(List::stream);
  }

  @BeforeAll
  void starts() {
    LeakWatch.install();
    for (Reach reach : Reach.values()) {
      sites.put(reach, new RowSite(stage));
    }
  }

  @AfterAll
  void ends() {
    stage.close();
    LeakWatch.findsNothing();
  }

  @Test
  void theTableIsWholeAndNamesAreUnique() {
    assertThat(rows().map(Http2Row::toString)).hasSizeGreaterThan(200).doesNotHaveDuplicates();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("rows")
  void plays(Http2Row row) {
    RowSite site = Objects.requireNonNull(sites.get(row.reach()));
    try (Http2Client client = site.connects()) {
      row.plays().accept(client);
      sees(client, row.expected());
    }
    site.got(row);
  }

  private static void sees(Http2Client client, Http2Row.Expected expected) {
    switch (expected) {
      case Http2Row.ConnectionError error -> {
        assertThat(client.receivesGoAway()).as("GOAWAY: %s", client.why()).isEqualTo(error.code());
        client.receivesEnd();
        return;
      }
      case Http2Row.StreamError error -> {
        assertThat(client.receivesReset(error.stream())).isEqualTo(error.code());
        assertThat(client.on(error.stream()).isCut()).as("an answer before the reset").isFalse();
      }
      case Http2Row.Answer answer -> client.receives(answer.stream(), answer.status());
      case Http2Row.LastAnswer last -> {
        client.receives(last.stream(), last.status());
        assertThat(client.receivesGoAway()).isEqualTo(Http2Row.NO_ERROR);
        client.receivesEnd();
        return;
      }
      case Http2Row.Nothing nothing ->
          assertThat(client.isAnswered()).as("alive; %s", client.why()).isTrue();
    }
    boolean full = expected instanceof Http2Row.StreamError e && e.code() == REFUSED_STREAM;
    if (!full) {
      client.sends(Http2Frame.settings(INITIAL_WINDOW, 65_535));
      client.asksFor(FENCE, "/fence").receives(FENCE, 200);
    }
  }
}
