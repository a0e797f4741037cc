package io.weir.core.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import org.junit.jupiter.api.Test;

class LeakWatchTest {
  @Test
  void findsEveryLostBufferOnceAndNoReleasedOne() {
    LeakWatch.leaks();
    lose("the first");
    lose("the second");
    PooledByteBufAllocator.DEFAULT.directBuffer(16).touch("released").release();
    assertThat(LeakWatch.leaks())
        .hasSize(2)
        .anyMatch(leak -> leak.contains("the first"))
        .anyMatch(leak -> leak.contains("the second"));
    LeakWatch.findsNothing();
  }

  private static void lose(String hint) {
    ByteBuf lost = PooledByteBufAllocator.DEFAULT.directBuffer(16);
    lost.touch(hint);
  }
}
