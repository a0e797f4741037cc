package io.weir.core.worker;

import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufAllocatorMetric;
import io.netty.buffer.ByteBufAllocatorMetricProvider;
import io.weir.metrics.MetricName;
import io.weir.metrics.MetricsGeneration;

/** Shows how much memory the allocator of all buffers holds. */
final class BufferMemory {
  private BufferMemory() {}

  static void register(MetricsGeneration metrics) {
    if (ByteBufAllocator.DEFAULT instanceof ByteBufAllocatorMetricProvider provider) {
      ByteBufAllocatorMetric held = provider.metric();
      metrics.gauge(MetricName.BUFFER_MEMORY, held::usedDirectMemory, "direct");
      metrics.gauge(MetricName.BUFFER_MEMORY, held::usedHeapMemory, "heap");
    }
  }
}
