package io.weir.core.snapshot;

/**
 * Which ids requests carry to backends.
 *
 * @param requestIds whether there is {@code x-request-id}
 * @param traceContext whether there is {@code traceparent}
 * @param sampledUpTo of traces made here, those whose last 63 bits are not above this are sampled
 */
public record Tracing(boolean requestIds, boolean traceContext, long sampledUpTo) {
  /** Whether a trace that begins here is to be recorded by those behind. */
  public boolean samples(long traceLow) {
    return (traceLow & Long.MAX_VALUE) <= sampledUpTo;
  }
}
