package io.weir.tls;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.ssl.SslHandler;
import java.io.ByteArrayOutputStream;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(LeakCheck.class)
class ClientHelloPeekerTest {

  private static final ServerNameDecision.PassThrough IMAP =
      new ServerNameDecision.PassThrough("imap");

  private static CertificateStore store;

  @BeforeAll
  static void issueCertificate() throws Exception {
    store =
        new TlsContextCache(
                TlsProvider.BORINGSSL, TicketKeys.create(new SecureRandom(), Instant.now()))
            .server(
                new ServerTlsConfig(
                    Map.of("foobar", TestAuthority.create("Root").issue("www.foobar.com")),
                    ServerTlsConfig.UnknownName.REFUSE,
                    TlsVersion.TLSv1_2,
                    List.of("http/1.1"),
                    ClientAuthConfig.NONE),
                Instant.now());
  }

  @AfterAll
  static void giveBack() {
    store.close();
  }

  @Test
  void aNameThatEndsHereGetsAnSslHandlerThatAnswers() {
    Listener listener = new Listener();
    EmbeddedChannel channel = channel(listener);
    channel.writeInbound(Unpooled.wrappedBuffer(Hellos.record("www.foobar.com")));

    assertThat(channel.pipeline().get("tls")).isInstanceOf(SslHandler.class);
    assertThat(channel.pipeline().get(ClientHelloPeeker.class)).isNull();
    ByteBuf answer = channel.readOutbound();
    assertThat(answer.getUnsignedByte(0)).as("a handshake record").isEqualTo((short) 22);
    assertThat(answer.getUnsignedByte(5)).as("ServerHello").isEqualTo((short) 2);
    answer.release();
    channel.finishAndReleaseAll();
  }

  @Test
  void readsTheNameWhenEachByteComesAlone() {
    Listener listener = new Listener(IMAP);
    byte[] hello = Hellos.record("imap.foobar.com");
    EmbeddedChannel channel = channel(listener);
    for (int i = 0; i < hello.length; i++) {
      assertThat(listener.hellos).as("before byte %d", i).isEmpty();
      channel.writeInbound(Unpooled.wrappedBuffer(hello, i, 1));
    }
    assertThat(listener.hellos)
        .singleElement()
        .satisfies(found -> assertThat(found.serverName()).isEqualTo("imap.foobar.com"));
    assertThat(received(channel)).isEqualTo(hello);
    channel.finishAndReleaseAll();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 100, 517})
  void readsTheNameFromManyRecords(int size) {
    Listener listener = new Listener(IMAP);
    byte[] records = Hellos.inRecordsOf(size, Hellos.record("imap.foobar.com"));
    EmbeddedChannel channel = channel(listener);
    channel.writeInbound(Unpooled.wrappedBuffer(records));
    assertThat(listener.hellos)
        .singleElement()
        .satisfies(found -> assertThat(found.serverName()).isEqualTo("imap.foobar.com"));
    assertThat(received(channel)).isEqualTo(records);
    channel.finishAndReleaseAll();
  }

  @Test
  void readsAPostQuantumKeyShareFromSegmentsAndRecordsOfAnySize() {
    long seed = Long.getLong("seed", new SplittableRandom().nextLong());
    SplittableRandom random = new SplittableRandom(seed);
    byte[] hello =
        Hellos.record(
            TlsProvider.BORINGSSL, "imap.foobar.com", List.of("h2"), "X25519MLKEM768", "X25519");
    for (int round = 0; round < 200; round++) {
      byte[] records = Hellos.inRecordsOf(random.nextInt(1, hello.length), hello);
      Listener listener = new Listener(IMAP);
      EmbeddedChannel channel = channel(listener);
      for (int at = 0; at < records.length; ) {
        int length = Math.min(random.nextInt(1, 1461), records.length - at);
        channel.writeInbound(Unpooled.wrappedBuffer(records, at, length));
        at += length;
      }
      assertThat(listener.hellos).as("seed %d, round %d", seed, round).hasSize(1);
      assertThat(received(channel)).as("seed %d, round %d", seed, round).isEqualTo(records);
      channel.finishAndReleaseAll();
    }
  }

  @Test
  void whatFollowsTheHelloIsHandedOnToo() {
    byte[] hello = Hellos.record("imap.foobar.com");
    byte[] more = Arrays.copyOf(hello, hello.length + 100);
    EmbeddedChannel channel = channel(new Listener(IMAP));
    channel.writeInbound(Unpooled.wrappedBuffer(more));
    channel.writeInbound(Unpooled.wrappedBuffer("and more".getBytes(US_ASCII)));
    assertThat(received(channel)).startsWith(more).endsWith("and more".getBytes(US_ASCII));
    channel.finishAndReleaseAll();
  }

  @Test
  void anUnknownNameIsRefusedWithItsAlert() {
    Listener listener = new Listener();
    EmbeddedChannel channel = channel(listener);
    channel.writeInbound(Unpooled.wrappedBuffer(Hellos.record("other.foobar.com")));
    assertThat(sent(channel)).isEqualTo("15030300020270"); // fatal, unrecognized_name
    assertThat(listener.refusals).containsExactly(TlsFailure.UNKNOWN_SNI);
    assertThat(channel.isOpen()).isFalse();
    channel.finishAndReleaseAll();
  }

  @Test
  void aMalformedHelloIsRefusedWithItsAlert() {
    Listener listener = new Listener();
    byte[] hello = Hellos.record("www.foobar.com");
    hello[9 + 2 + 32] = (byte) 0xff; // a session id longer than the message
    EmbeddedChannel channel = channel(listener);
    channel.writeInbound(Unpooled.wrappedBuffer(hello));
    assertThat(sent(channel)).isEqualTo("15030300020232"); // fatal, decode_error
    assertThat(listener.refusals).containsExactly(TlsFailure.PROTOCOL);
    assertThat(channel.isOpen()).isFalse();
    channel.finishAndReleaseAll();
  }

  @Test
  void whatIsNoTlsIsClosedWithoutAnAnswer() {
    List<byte[]> garbage =
        List.of(
            "GET / HTTP/1.1\r\nHost: www.foobar.com\r\n\r\n".getBytes(US_ASCII),
            new byte[] {0, 0, 0, 0, 0, 0},
            new byte[] {21, 9, 9, 0, 2, 1, 0}, // an alert of no version
            new byte[] {20, 9, 9, 0, 1, 1},
            new byte[] {21, 3, 3, 0, 2, 1, 0}, // an alert where a hello should be
            new byte[] {22, 3, 1, 0, 0}, // an empty record
            new byte[] {22, 2, 1, 0, 4, 1, 0, 0, 0}, // SSL 2
            new byte[] {22, 3, 1, 0, 4, 2, 0, 0, 0}); // a ServerHello
    for (byte[] bytes : garbage) {
      Listener listener = new Listener();
      EmbeddedChannel channel = channel(listener);
      channel.writeInbound(Unpooled.wrappedBuffer(bytes));
      channel.checkException();
      assertThat(listener.refusals)
          .as(ByteBufUtil.hexDump(bytes))
          .containsExactly(TlsFailure.PROTOCOL);
      assertThat(sent(channel)).isEmpty();
      assertThat(received(channel)).as("nothing goes on").isEmpty();
      assertThat(channel.isOpen()).isFalse();
      channel.finishAndReleaseAll();
    }
  }

  @Test
  void aRequestInPlainHttpIsKnownByItsMethodHoweverSlowlyItComes() {
    for (String request : List.of("GET / HTTP/1.1\r\n\r\n", "OPTIONS * HTTP/1.0\r\n")) {
      Listener listener = new Listener();
      listener.answersPlainHttp = true;
      EmbeddedChannel channel = channel(listener);
      int method = request.indexOf(' ');
      for (int i = 0; i < method; i++) {
        channel.writeInbound(Unpooled.wrappedBuffer(new byte[] {(byte) request.charAt(i)}));
        assertThat(listener.plainRequests).isZero();
      }
      channel.writeInbound(Unpooled.copiedBuffer(request.substring(method), US_ASCII));
      channel.writeInbound(Unpooled.copiedBuffer("more", US_ASCII));
      assertThat(listener.plainRequests).isOne();
      assertThat(listener.refusals).isEmpty();
      assertThat(received(channel)).as("nothing goes on").isEmpty();
      channel.finishAndReleaseAll();
    }
  }

  @Test
  void whatIsNoMethodIsNotWaitedFor() {
    for (String start : List.of("get ", "GETS", "\0GET ", "PRI * HTTP/2.0\r\n", "SSH-2.0-x\r\n")) {
      Listener listener = new Listener();
      listener.answersPlainHttp = true;
      EmbeddedChannel channel = channel(listener);
      channel.writeInbound(Unpooled.copiedBuffer(start, US_ASCII));
      assertThat(listener.refusals).as(start).containsExactly(TlsFailure.PROTOCOL);
      assertThat(listener.plainRequests).isZero();
      assertThat(channel.isOpen()).isFalse();
      channel.finishAndReleaseAll();
    }
  }

  @Test
  void aHelloThatClaimsMoreThanTheBoundIsRefusedBeforeItComes() {
    Listener listener = new Listener();
    EmbeddedChannel channel = channel(listener);
    channel.writeInbound(Unpooled.wrappedBuffer(new byte[] {22, 3, 1, 0, 6, 1, 0, 0x40, 1, 3, 3}));
    channel.checkException();
    assertThat(listener.refusals).containsExactly(TlsFailure.PROTOCOL);
    assertThat(channel.isOpen()).isFalse();
    channel.finishAndReleaseAll();
  }

  @Test
  void randomBytesNeverPassAndNeverThrow() {
    long seed = Long.getLong("seed", new SplittableRandom().nextLong());
    SplittableRandom random = new SplittableRandom(seed);
    byte[] starts = {20, 21, 22, 23, 24, (byte) 0x80};
    for (int round = 0; round < 3_000; round++) {
      byte[] bytes = new byte[random.nextInt(1, 300)];
      random.nextBytes(bytes);
      bytes[0] = starts[random.nextInt(starts.length)];
      if (bytes.length > 5 && random.nextBoolean()) {
        bytes[1] = 3;
        bytes[3] = 0;
        bytes[5] = 1;
      }
      Listener listener = new Listener();
      EmbeddedChannel channel = channel(listener);
      channel.writeInbound(Unpooled.wrappedBuffer(bytes));
      try {
        channel.checkException();
      } catch (RuntimeException e) {
        throw new AssertionError("seed " + seed + ", round " + round, e);
      }
      assertThat(listener.refusals).as("seed %d, round %d", seed, round).hasSizeLessThan(2);
      assertThat(channel.isOpen())
          .as("seed %d, round %d: waits, or has refused", seed, round)
          .isEqualTo(listener.refusals.isEmpty());
      assertThat(received(channel)).isEmpty();
      channel.finishAndReleaseAll();
    }
  }

  @Test
  void aConnectionThatEndsInTheMiddleLeavesNothingBehind() {
    Listener listener = new Listener(IMAP);
    byte[] records = Hellos.inRecordsOf(50, Hellos.record("imap.foobar.com"));
    EmbeddedChannel channel = channel(listener);
    channel.writeInbound(Unpooled.wrappedBuffer(records, 0, 120));
    channel.close();
    assertThat(listener.hellos).isEmpty();
    assertThat(listener.refusals).containsExactly(TlsFailure.CLOSED);
    channel.finishAndReleaseAll();
  }

  @Test
  void aConnectionThatSaysNothingIsNoRefusal() { // a TCP health check
    Listener listener = new Listener(IMAP);
    EmbeddedChannel channel = channel(listener);
    channel.close();
    assertThat(listener.refusals).isEmpty();
    channel.finishAndReleaseAll();
  }

  @Test
  void recordsThatNeverEndTheHelloAreBounded() {
    Listener listener = new Listener(IMAP);
    EmbeddedChannel channel = channel(listener);
    byte[] hello = Hellos.record("www.foobar.com");
    hello[7] = 0x3f; // claims nearly 16 KiB
    byte[] drops = Hellos.inRecordsOf(1, Arrays.copyOf(hello, 16_000));
    int sent = 0;
    while (channel.isOpen() && sent < drops.length) {
      channel.writeInbound(Unpooled.wrappedBuffer(drops, sent, 6));
      sent += 6;
    }
    assertThat(listener.refusals).containsExactly(TlsFailure.PROTOCOL);
    assertThat(sent).isBetween(16 * 1024, 16 * 1024 + 12);
    channel.finishAndReleaseAll();
  }

  @Test
  void nobodyPaysForAFingerprintThatNobodyWants() {
    Listener listener = new Listener(IMAP);
    EmbeddedChannel channel = channel(listener);
    channel.writeInbound(Unpooled.wrappedBuffer(Hellos.record("imap.foobar.com")));
    assertThat(listener.hellos).singleElement().extracting(ClientHello::ja4).isNull();
    received(channel);
    channel.finishAndReleaseAll();
  }

  /** The fingerprint of a hello that comes in these records. */
  static String fingerprint(byte[] records) {
    Listener listener = new Listener(IMAP);
    listener.wantsFingerprint = true;
    EmbeddedChannel channel = channel(listener);
    channel.writeInbound(Unpooled.wrappedBuffer(records));
    received(channel);
    channel.finishAndReleaseAll();
    return listener.hellos.getFirst().ja4();
  }

  private static EmbeddedChannel channel(Listener listener) {
    return new EmbeddedChannel(new ClientHelloPeeker("tls", listener));
  }

  private static byte[] received(EmbeddedChannel channel) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (Object message; (message = channel.readInbound()) != null; ) {
      ByteBuf buffer = (ByteBuf) message;
      all.writeBytes(ByteBufUtil.getBytes(buffer));
      buffer.release();
    }
    return all.toByteArray();
  }

  private static String sent(EmbeddedChannel channel) {
    StringBuilder all = new StringBuilder();
    for (Object message; (message = channel.readOutbound()) != null; ) {
      ByteBuf buffer = (ByteBuf) message;
      all.append(ByteBufUtil.hexDump(buffer));
      buffer.release();
    }
    return all.toString();
  }

  /** Terminates by the store, or decides what it was told to. */
  private static final class Listener implements ClientHelloCallback {
    final List<ClientHello> hellos = new ArrayList<>();
    final List<TlsFailure> refusals = new ArrayList<>();
    boolean wantsFingerprint;
    boolean answersPlainHttp;
    int plainRequests;
    private final ServerNameDecision always;

    Listener() {
      this(null);
    }

    Listener(ServerNameDecision always) {
      this.always = always;
    }

    @Override
    public boolean wantsFingerprint() {
      return wantsFingerprint;
    }

    @Override
    public ServerNameDecision decide(ChannelHandlerContext ctx, ClientHello hello) {
      hellos.add(hello);
      return always != null ? always : store.decide(hello);
    }

    @Override
    public void passThrough(ChannelHandlerContext ctx, Object target) {
      assertThat(target).isEqualTo("imap");
      ctx.pipeline().addAfter(ctx.name(), "relay", new ChannelInboundHandlerAdapter());
    }

    @Override
    public boolean answersPlainHttp() {
      return answersPlainHttp;
    }

    @Override
    public void plainHttp(ChannelHandlerContext ctx) {
      plainRequests++;
    }

    @Override
    public void refused(ChannelHandlerContext ctx, TlsFailure why) {
      refusals.add(why);
    }
  }
}
