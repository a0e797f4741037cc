package io.weir.core.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.weir.core.http.Fields;
import io.weir.core.http.ForwardedFor;
import io.weir.core.http.RequestHead;
import io.weir.core.http.TunnelEnd;
import io.weir.core.http.UpstreamStream;
import io.weir.core.worker.StandingWorker;
import io.weir.core.worker.Worker;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SentBodyTest {
  private static final int MOST = 64 * 1024;

  private final Worker worker = StandingWorker.create();
  private final SentBody body = new SentBody(worker.copies());
  private final Taker taker = new Taker();

  @Test
  void aBodyInSingleBytesIsOnePieceThatHoldsNothingElse() {
    ByteBuf read = Unpooled.buffer().writeZero(MOST);
    for (int i = 0; i < MOST; i++) {
      read.setByte(i, i % 251);
      body.add(read.slice(i, 1));
    }
    assertThat(read.refCnt()).as("who holds what was read").isEqualTo(1);
    assertThat(body.isWhole()).isTrue();
    body.sendTo(taker);
    assertThat(taker.taken).hasSize(1);
    assertThat(taker.bytes.toByteArray()).isEqualTo(read.array());
    assertThat(taker.ended).isFalse();
    read.release();
    body.release();
    taker.release();
  }

  @Test
  void whatWasSentOnceMoreStaysWhatItWasWhileMoreComes() {
    body.add(Unpooled.wrappedBuffer(new byte[] {1, 2}));
    body.sendTo(taker);
    body.add(Unpooled.wrappedBuffer(new byte[1000]));
    assertThat(taker.taken).extracting(ByteBuf::readableBytes).containsExactly(2);
    Taker again = new Taker();
    body.end(null);
    body.sendTo(again);
    assertThat(again.bytes.size()).isEqualTo(1002);
    assertThat(again.ended).isTrue();
    body.release();
    taker.release();
    again.release();
  }

  @Test
  void ofALargeOneNothingIsKept() {
    body.add(Unpooled.wrappedBuffer(new byte[MOST]));
    body.add(Unpooled.EMPTY_BUFFER);
    assertThat(body.isWhole()).isTrue();
    body.add(Unpooled.wrappedBuffer(new byte[1]));
    assertThat(body.isWhole()).isFalse();
    body.add(Unpooled.wrappedBuffer(new byte[1]));
    body.sendTo(taker);
    assertThat(taker.taken).isEmpty();
  }

  @Test
  void whereCopiesAreTooManyNoneIsKept() {
    worker.slowReaders().atMost(4); // half a megabyte, and an eighth of it for copies
    SentBody first = new SentBody(worker.copies());
    first.add(Unpooled.wrappedBuffer(new byte[MOST - 1]));
    body.add(Unpooled.wrappedBuffer(new byte[2]));
    assertThat(first.isWhole()).isTrue();
    assertThat(body.isWhole()).isFalse();
    first.release();
    SentBody next = new SentBody(worker.copies());
    next.add(Unpooled.wrappedBuffer(new byte[MOST]));
    assertThat(next.isWhole()).isTrue();
    next.release();
  }

  /** Takes all. */
  private static final class Taker implements UpstreamStream {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final List<ByteBuf> taken = new ArrayList<>();
    private boolean ended;

    void release() {
      taken.forEach(ByteBuf::release);
    }

    @Override
    public void sendBody(ByteBuf data) {
      bytes.writeBytes(ByteBufUtil.getBytes(data));
      taken.add(data);
    }

    @Override
    public void sendEnd(@Nullable Fields trailers) {
      ended = true;
    }

    @Override
    public void sendHead(RequestHead head, String target, ForwardedFor forwarded) {}

    @Override
    public TunnelEnd upgrade() {
      throw new UnsupportedOperationException();
    }

    @Override
    public void flush() {}

    @Override
    public boolean isWritable() {
      return true;
    }

    @Override
    public void readResponse(boolean wanted) {}

    @Override
    public void cancel() {}
  }
}
