package io.weir.metrics;

import io.prometheus.metrics.config.EscapingScheme;
import io.prometheus.metrics.expositionformats.ExpositionFormatWriter;
import io.prometheus.metrics.expositionformats.OpenMetricsTextFormatWriter;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Writes the metrics as text; knows nothing of HTTP. Any thread but a worker's. */
public final class Exposition {
  /** The text formats. */
  public enum Format {
    /** Prometheus text format 0.0.4. */
    PROMETHEUS(PrometheusTextFormatWriter.CONTENT_TYPE),

    /** OpenMetrics 1.0. */
    OPENMETRICS(OpenMetricsTextFormatWriter.CONTENT_TYPE);

    private final String contentType;

    Format(String contentType) {
      this.contentType = contentType;
    }

    public String contentType() {
      return contentType;
    }

    /** The format for an {@code Accept} header; see {@link FormatNegotiation}. */
    public static Format negotiate(@Nullable String accept) {
      return FormatNegotiation.negotiate(accept);
    }
  }

  private final Metrics metrics;
  private final List<Supplier<MetricSnapshots>> others;

  /**
   * @param others asked at each writing for what other collectors have to tell
   */
  public Exposition(Metrics metrics, List<Supplier<MetricSnapshots>> others) {
    this.metrics = metrics;
    this.others = List.copyOf(others);
  }

  /** Writes everything; the stream stays open. */
  public void write(Format format, OutputStream out) throws IOException {
    ExpositionFormatWriter writer =
        switch (format) {
          case PROMETHEUS -> PrometheusTextFormatWriter.create();
          case OPENMETRICS -> OpenMetricsTextFormatWriter.create();
        };
    writer.write(out, snapshots(), EscapingScheme.UNDERSCORE_ESCAPING);
  }

  private MetricSnapshots snapshots() {
    MetricSnapshots.Builder all = MetricSnapshots.builder();
    for (MetricSnapshot snapshot : Snapshots.of(metrics)) {
      all.metricSnapshot(snapshot);
    }
    for (Supplier<MetricSnapshots> other : others) {
      for (MetricSnapshot snapshot : other.get()) {
        all.metricSnapshot(snapshot);
      }
    }
    return all.build();
  }
}
