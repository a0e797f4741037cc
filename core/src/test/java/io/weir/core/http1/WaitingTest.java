package io.weir.core.http1;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.weir.core.worker.StandingWorker;
import org.junit.jupiter.api.Test;

class WaitingTest {
  private final Waiting waiting =
      new Waiting(
          StandingWorker.create().slowReaders(),
          () -> {
            throw new AssertionError("nobody asked for its memory");
          });

  @Test
  void whatIsForgottenIsReleasedAndStillEndsTheReading() {
    ByteBuf before = Unpooled.wrappedBuffer(new byte[60 * 1024]);
    waiting.keep(before);
    waiting.forget();
    assertThat(before.refCnt()).isZero();
    assertThat(waiting.isMuch()).isFalse();
    for (int i = 0; i < 4; i++) {
      ByteBuf piece = Unpooled.wrappedBuffer(new byte[16 * 1024]);
      waiting.keep(piece);
      assertThat(piece.refCnt()).isZero();
      assertThat(waiting.isEmpty()).isTrue();
    }
    assertThat(waiting.isMuch()).isTrue();
  }
}
