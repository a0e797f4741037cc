package io.weir.core.config;

/**
 * Which ids requests carry to backends; kept from trusted peers, otherwise made.
 *
 * @param requestIds whether there is {@code x-request-id}
 * @param traceContext whether there is {@code traceparent}
 * @param sampled the share of traces made here that are to be recorded, 0 to 1
 */
public record TracingConfig(boolean requestIds, boolean traceContext, double sampled) {
  public static final TracingConfig DEFAULTS = new TracingConfig(true, true, 1);

  public TracingConfig {
    Check.that(
        sampled >= 0 && sampled <= 1,
        "sampled: " + sampled * 100 + "% (expected: from 0% to 100%)");
  }
}
