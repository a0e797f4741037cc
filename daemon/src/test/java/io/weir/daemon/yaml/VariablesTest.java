package io.weir.daemon.yaml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class VariablesTest {
  private final Variables variables =
      new Variables(
          Map.of("HOST", "10.0.0.1", "EMPTY", "", "REF", "${HOST}", "WIN", "C:\\$1")::get);

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '\'',
      value = {
        "plain, plain",
        "${HOST}:80, 10.0.0.1:80",
        "${HOST}${HOST}, 10.0.0.110.0.0.1",
        "${PORT:-80}, 80",
        "${HOST:-x}, 10.0.0.1",
        "${PORT:-}, ''",
        "${EMPTY}, ''",
        "${EMPTY:-x}, ''",
        "${REF}, ${HOST}",
        "${WIN}, C:\\$1",
        "$${HOST}, ${HOST}",
        "$HOST, $HOST",
        "^a$, ^a$",
        "100$, 100$"
      })
  void referencesAreReplacedOnce(String text, String replaced) {
    assertThat(variables.replaceIn(text)).isEqualTo(replaced);
  }

  @ParameterizedTest
  @ValueSource(strings = {"${PORT}", "a ${PORT} b", "${HOST} ${NOPE}"})
  void aVariableWithoutAValueIsAnError(String text) {
    assertThatThrownBy(() -> variables.replaceIn(text))
        .hasMessageContaining("not in the environment");
  }

  @ParameterizedTest
  @ValueSource(strings = {"${", "${}", "${HOST", "${1A}", "${A B}", "${:-x}", "${HOST-x}"})
  void aReferenceHasANameAndAnEnd(String text) {
    assertThatThrownBy(() -> variables.replaceIn(text))
        .hasMessageContaining("without a name and an end");
  }
}
