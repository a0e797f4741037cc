package io.weir.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.metrics.Exposition.Format;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FormatNegotiationTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "application/openmetrics-text",
        "application/openmetrics-text;version=1.0.0;q=0.5,application/openmetrics-text;"
            + "version=0.0.1;q=0.4,text/plain;version=0.0.4;q=0.3,*/*;q=0.2", // Prometheus 2
        "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,"
            + "text/plain;version=1.0.0;escaping=allow-utf-8;q=0.4,*/*;q=0.2", // Prometheus 3
        "Application/OpenMetrics-Text ; Q=0.9 , text/plain;q=0.9",
        "application/openmetrics-text;q=0.3, text/plain;q=0.2, */*;q=0.9",
      })
  void whoPrefersOpenMetricsGetsIt(String accept) {
    assertThat(Format.negotiate(accept)).isEqualTo(Format.OPENMETRICS);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "*/*",
        "text/plain",
        "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
        "application/openmetrics-text;q=0",
        "application/openmetrics-text;q=0.4,text/plain;q=0.5",
        "application/openmetrics-text;q=0.4,text/*;q=0.5",
        "application/openmetrics-text;q=0.4,*/*;q=0.5",
        "application/openmetrics-text;q=fast",
        "application/json",
        ";;;,,,q=",
      })
  void everyoneElseGetsPlainText(String accept) {
    assertThat(Format.negotiate(accept)).isEqualTo(Format.PROMETHEUS);
  }

  @Test
  void whoSaysNothingGetsPlainText() {
    assertThat(Format.negotiate(null)).isEqualTo(Format.PROMETHEUS);
  }

  @Test
  void theContentTypesSayVersionAndCharset() {
    assertThat(Format.PROMETHEUS.contentType())
        .isEqualTo("text/plain; version=0.0.4; charset=utf-8");
    assertThat(Format.OPENMETRICS.contentType())
        .isEqualTo("application/openmetrics-text; version=1.0.0; charset=utf-8");
  }
}
