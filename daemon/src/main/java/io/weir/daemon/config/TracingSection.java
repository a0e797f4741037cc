package io.weir.daemon.config;

import io.weir.core.config.TracingConfig;
import io.weir.daemon.yaml.Fields;
import io.weir.daemon.yaml.Keys;
import io.weir.daemon.yaml.Node;
import io.weir.daemon.yaml.Units;
import org.jspecify.annotations.Nullable;

/** Reads {@code request_id:} and {@code traceparent:}. */
final class TracingSection {
  private static final Keys KEYS = Keys.of("sampled");

  private TracingSection() {}

  static TracingConfig read(Fields file) {
    TracingConfig usual = TracingConfig.DEFAULTS;
    boolean requestIds = file.bool("request_id", usual.requestIds());
    Node traceparent = file.get("traceparent");
    if (traceparent == null || !traceparent.isMap()) {
      boolean wanted = traceparent == null || traceparent.bool(usual.traceContext());
      return new TracingConfig(requestIds, wanted, usual.sampled());
    }
    Fields trace = traceparent.fields(KEYS);
    return trace.build(
        () -> new TracingConfig(requestIds, true, share(trace.get("sampled"), usual.sampled())),
        usual);
  }

  private static double share(@Nullable Node node, double otherwise) {
    return node == null
        ? otherwise
        : node.parsed(Units::percent, "a share, like 10%", otherwise * 100) / 100;
  }
}
