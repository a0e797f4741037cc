package io.weir.core.http2;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http2.Http2FrameTypes;
import io.weir.core.http.Failure;
import io.weir.core.http2.FuzzedRequest.Asked;
import io.weir.core.http2.FuzzedRequest.Kind;
import io.weir.core.http2.FuzzedRequest.Manner;
import io.weir.core.meter.BackendMeter;
import io.weir.core.upstream.Backend;
import io.weir.core.upstream.PoolSettings;
import io.weir.core.upstream.UpstreamProtocol.Opening;
import io.weir.core.upstream.WorkerBackend;
import io.weir.core.worker.ManualClock;
import io.weir.core.worker.StandingWorker;
import io.weir.core.worker.Worker;
import io.weir.metrics.Metrics;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A connection to a backend whose bytes, requests and time come from one input.
 *
 * <p>The first byte says whether SETTINGS come first and what they allow, how large the pieces are
 * that arrive, and how it all ends. Each step is a byte: the low half is what happens, the high
 * half how, and more bytes follow where it needs them.
 */
final class FuzzedUpstream {
  private static final BackendMeter METER =
      new BackendMeter(new Metrics(1).nextGeneration(), "pool", "backend");
  private static final int MAX_BYTES = 2048;
  private static final int MAX_FIELDS = 16;
  private static final long SECOND = 1_000_000_000L;
  static final PoolSettings SETTINGS =
      new PoolSettings(
          Http2Protocol.INSTANCE,
          3000,
          30 * SECOND,
          4 * SECOND,
          2,
          null,
          null,
          true,
          MAX_BYTES,
          MAX_FIELDS);

  private static final int SETTINGS_LATER = 0x1;
  private static final int NO_WEBSOCKETS = 0x2;
  private static final int RETIRES = 0x4;
  private static final int ALL_READ = 0x8;
  private static final int HOW = 4;
  private static final int JOINED = 0x8;

  private static final int END_STREAM = 0x1;
  private static final int END_HEADERS = 0x4;
  private static final int ACK = 0x1;

  /** The first stream of a client that was not upgraded, as the codec counts. */
  private static final int FIRST_STREAM = 3;

  private static final byte[] NOTHING = {};
  private static final byte[] ALLOW_CONNECT = hex("000800000001");
  private static final byte[] STATUS_100 = hex("0803313030");
  private static final byte[] STATUS_200 = hex("88");
  private static final byte[] STATUS_200_OF_5 = hex("880f0d0135");
  private static final byte[] TRAILER = hex("0001780179");

  /** What a connection may hold that has done nothing, and what a request is counted as. */
  private static final long HOLD_BASE = 16 * 1024;

  private static final int HEAD = 512;
  private static final long TICK = 1L << 26;
  private static final long DAY = 24 * 3600 * SECOND;

  private final byte[] input;
  private int at = 1;
  private final UnpooledByteBufAllocator memory = new UnpooledByteBufAllocator(false, false, true);
  private final EmbeddedChannel channel = new EmbeddedChannel();
  private final SentFrames sent = SentFrames.ofClient();
  private final ManualClock clock = new ManualClock();
  private final Opened opened = new Opened();
  private final Worker worker;
  private final Asked asked;
  private final Http2Upstream upstream;
  private final ByteBuf joined = Unpooled.buffer();
  private long moved;

  FuzzedUpstream(byte[] input) {
    this.input = input;
    channel.config().setAllocator(memory);
    channel.freezeTime();
    worker = StandingWorker.create(channel.eventLoop(), clock);
    InetSocketAddress address = new InetSocketAddress("127.0.0.1", 9000);
    WorkerBackend home = new Backend("127.0.0.1:9000", address, METER, List.of(worker)).on(worker);
    upstream = Http2Upstream.open(home, SETTINGS, opened);
    asked = new Asked(home, upstream);
  }

  // What a step does.

  /** Before the first step. */
  void opens() {
    channel.pipeline().addLast(upstream);
    settles();
    if (!flag(SETTINGS_LATER)) {
      arrives(Http2FrameTypes.SETTINGS, 0, 0, flag(NO_WEBSOCKETS) ? NOTHING : ALLOW_CONNECT);
    }
  }

  boolean goesOn() {
    return at < input.length && channel.isOpen();
  }

  void step() {
    int step = next();
    int how = step >> HOW;
    boolean yes = (how & 1) != 0;
    switch (step & 15) {
      case 0, 1, 2, 3, 4, 5 -> asks(Kind.values()[step & 15], Manner.values()[how & 7]);
      case 6 -> sends(request(), next() * 16);
      case 7 -> {
        FuzzedRequest ended = request();
        if (ended != null) {
          ended.sendsEnd(yes);
        }
      }
      case 8 -> {
        FuzzedRequest turned = request();
        if (turned != null && (how & 2) != 0) {
          turned.leaves();
        } else if (turned != null) {
          turned.reads(yes);
        }
      }
      case 9 -> passes(TICK << how);
      case 10 -> speaksOfConnection(how);
      case 11 -> bytes(how, take(next()));
      case 12 -> frame(how, next(), next(), next(), take(next()));
      case 13 -> {
        byte[] head = (how & 4) != 0 ? STATUS_100 : (how & 2) != 0 ? STATUS_200_OF_5 : STATUS_200;
        frame(how, Http2FrameTypes.HEADERS, END_HEADERS | how & 1, stream(), head);
      }
      case 14 -> frame(how, Http2FrameTypes.DATA, how & 1, stream(), new byte[next()]);
      default -> frame(how, Http2FrameTypes.HEADERS, END_HEADERS | END_STREAM, stream(), TRAILER);
    }
    settles();
  }

  private void asks(Kind kind, Manner manner) {
    new FuzzedRequest(asked, kind, manner).begin();
    moved += HEAD;
  }

  private void sends(@Nullable FuzzedRequest request, int bytes) {
    if (request != null) {
      moved += bytes;
      request.sends(bytes, channel.alloc().buffer());
    }
  }

  private void passes(long nanos) {
    clock.passes(nanos);
    StandingWorker.tick(worker);
    channel.advanceTimeBy(nanos, TimeUnit.NANOSECONDS);
    channel.runPendingTasks();
  }

  /** The frames that are about more than one request, and those that end or widen one. */
  private void speaksOfConnection(int how) {
    switch (how) {
      case 0 -> arrives(Http2FrameTypes.SETTINGS, 0, 0, hex("000400000000"));
      case 1 -> arrives(Http2FrameTypes.SETTINGS, 0, 0, hex("000400100000"));
      case 2 -> arrives(Http2FrameTypes.SETTINGS, 0, 0, hex("000300000000"));
      case 3 -> arrives(Http2FrameTypes.SETTINGS, 0, 0, hex("000300000002"));
      case 4 -> arrives(Http2FrameTypes.SETTINGS, 0, 0, hex("000800000000"));
      case 5 -> arrives(Http2FrameTypes.PING, ACK, 0, hex("77656972616c6976"));
      case 6 -> arrives(Http2FrameTypes.PING, 0, 0, new byte[8]);
      case 7 -> arrives(Http2FrameTypes.SETTINGS, ACK, 0, NOTHING);
      case 8 -> arrives(Http2FrameTypes.GO_AWAY, 0, 0, hex("7fffffff00000000"));
      case 9 ->
          arrives(Http2FrameTypes.GO_AWAY, 0, 0, new byte[] {0, 0, 0, (byte) stream(), 0, 0, 0, 0});
      case 10 -> arrives(Http2FrameTypes.WINDOW_UPDATE, 0, 0, hex("00001000"));
      case 11 -> arrives(Http2FrameTypes.WINDOW_UPDATE, 0, stream(), hex("00000100"));
      case 12 -> arrives(Http2FrameTypes.RST_STREAM, 0, stream(), hex("00000007"));
      case 13 -> arrives(Http2FrameTypes.RST_STREAM, 0, stream(), hex("00000008"));
      case 14 -> arrives(Http2FrameTypes.RST_STREAM, 0, stream(), hex("00000000"));
      default -> asked.home().retireAll();
    }
  }

  // What it says.

  private void frame(int how, int type, int flags, int stream, byte[] payload) {
    bytes(how, frame(type, flags, stream, payload));
  }

  private void arrives(int type, int flags, int stream, byte[] payload) {
    bytes(0, frame(type, flags, stream, payload));
  }

  private static byte[] frame(int type, int flags, int stream, byte[] payload) {
    ByteBuf frame = Unpooled.buffer();
    frame.writeMedium(payload.length).writeByte(type).writeByte(flags).writeInt(stream);
    return ByteBufUtil.getBytes(frame.writeBytes(payload));
  }

  /** They arrive now, or with the next ones. */
  private void bytes(int how, byte[] bytes) {
    joined.writeBytes(bytes);
    if ((how & JOINED) == 0 && channel.isOpen()) {
      moved += joined.readableBytes();
      channel.writeInbound(channel.alloc().buffer().writeBytes(joined));
      joined.clear();
      settles();
    }
  }

  private static byte[] hex(String bytes) {
    return HexFormat.of().parseHex(bytes);
  }

  // What the input says.

  private boolean flag(int mask) {
    return (input[0] & mask) != 0;
  }

  private int next() {
    return at < input.length ? input[at++] & 0xff : 0;
  }

  private byte[] take(int most) {
    int end = Math.min(input.length, at + most);
    byte[] taken = Arrays.copyOfRange(input, at, end);
    at = end;
    return taken;
  }

  private @Nullable FuzzedRequest request() {
    int which = next();
    return asked.requests().isEmpty()
        ? null
        : asked.requests().get(which % asked.requests().size());
  }

  private int stream() {
    return FIRST_STREAM + 2 * (next() & 15);
  }

  // What must hold.

  /** Bytes of buffers that are held now. */
  long held() {
    return memory.metric().usedDirectMemory() + memory.metric().usedHeapMemory();
  }

  /** Each byte in one buffer, which may be twice as large, and each piece in a copy that waits. */
  long mayHold() {
    return HOLD_BASE + 4 * moved;
  }

  /** What was put off is done, and what was written has gone. */
  private void settles() {
    channel.runPendingTasks();
    for (ByteBuf out = channel.readOutbound(); out != null; out = channel.readOutbound()) {
      sent.add(out);
      out.release();
    }
    asked.check();
    channel.checkException();
  }

  /** The connection ends, and everything with it. */
  void ends() {
    if (!channel.isOpen()) {
      assertThat(sent.hasGoAway() || sent.hasPing())
          .as("errors are told; to end without a word is for bugs")
          .isTrue();
    }
    if (flag(RETIRES)) {
      asked.home().retireAll();
      settles();
    }
    channel.unsafe().close(channel.voidPromise());
    settles();
    for (FuzzedRequest request : List.copyOf(asked.requests())) {
      if (flag(ALL_READ)) {
        request.reads(true);
        request.reads(true); // some stop once more at what had waited
        assertThat(request.isOpen()).as("a request without an end: %s", request).isFalse();
      } else {
        request.leaves();
      }
    }
    passes(DAY); // and whoever is told of a deadline now was not forgotten
    settles();
    sent.ended();
    assertThat(opened.told).as("told whether it opened").isEqualTo(1);
    assertThat(held()).as("bytes that are still held").isZero();
    FuzzedRequest late = new FuzzedRequest(asked, Kind.GET, Manner.READS);
    late.begin();
    assertThat(late.isOpen()).as("a place for requests").isFalse();
  }

  private static final class Opened implements Opening {
    private int told;

    @Override
    public void onOpen() {
      told++;
    }

    @Override
    public void onNeverOpen(Failure failure) {
      assertThat(failure).isNotEqualTo(Failure.INTERNAL);
      told++;
    }
  }
}
