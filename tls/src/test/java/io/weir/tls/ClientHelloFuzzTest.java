package io.weir.tls;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.ssl.SslHandler;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.ExtendWith;

/** The first bytes of a connection, whatever they are: decided or refused once, never thrown. */
@ExtendWith(LeakCheck.class)
class ClientHelloFuzzTest {
  @TestFactory
  Stream<DynamicTest> everyKnownInput() throws IOException {
    return Files.list(Path.of("src/test/fuzz/ClientHello"))
        .sorted()
        .map(file ->
            DynamicTest.dynamicTest(
                file.getFileName().toString(), () -> fuzzerTestOneInput(Files.readAllBytes(file))));
  }

  /** Whole and in two pieces it must come to the same. */
  public static void fuzzerTestOneInput(byte[] input) {
    String whole = outcome(input, input.length);
    String cut = outcome(input, input.length / 2);
    assertThat(cut).isEqualTo(whole);
  }

  private static String outcome(byte[] input, int cut) {
    Recording seen = new Recording();
    EmbeddedChannel channel = new EmbeddedChannel(new ClientHelloPeeker("tls", seen));
    channel.writeInbound(Unpooled.copiedBuffer(input, 0, cut));
    if (channel.isOpen()) {
      channel.writeInbound(Unpooled.copiedBuffer(input, cut, input.length - cut));
    }
    channel.finishAndReleaseAll();
    channel.checkException();
    return String.valueOf(seen.outcome);
  }

  private static final class Recording implements ClientHelloCallback {
    private @Nullable String outcome;

    private void note(String what) {
      assertThat(outcome).as("before %s", what).isNull();
      outcome = what;
    }

    @Override
    public ServerNameDecision decide(ChannelHandlerContext ctx, ClientHello hello) {
      note(hello.toString());
      return new ServerNameDecision.PassThrough("anywhere");
    }

    @Override
    public boolean wantsFingerprint() {
      return true;
    }

    @Override
    public SslHandler newHandler(ChannelHandlerContext ctx, ServerTls tls) {
      throw new AssertionError("nothing is terminated here");
    }

    @Override
    public void passThrough(ChannelHandlerContext ctx, Object target) {
      ctx.pipeline()
          .addLast(
              new io.netty.channel.ChannelInboundHandlerAdapter() {
                @Override
                public void channelRead(ChannelHandlerContext last, Object message) {
                  ((ByteBuf) message).release();
                }
              });
    }

    @Override
    public void refused(ChannelHandlerContext ctx, TlsFailure why) {
      note("refused " + why);
    }
  }
}
