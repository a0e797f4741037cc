package io.weir.core.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.ssl.SslHandler;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;

class PeerFaultTest {
  @Test
  void aLostConnectionIsTheirs() {
    assertThat(PeerFault.is(new IOException("Connection reset by peer"))).isTrue();
    assertThat(PeerFault.isTls(new IOException("Connection reset by peer"))).isFalse();
  }

  @Test
  void aBugIsOurs() {
    assertThat(PeerFault.is(new IllegalStateException("no request"))).isFalse();
    assertThat(PeerFault.is(new DecoderException(new IllegalStateException("no body")))).isFalse();
  }

  /** In the words that Netty's handler has for it. */
  @Test
  void recordsThatAreNoTlsAreTheirs() throws Exception {
    List<Throwable> failures = new ArrayList<>();
    var engine = SSLContext.getDefault().createSSLEngine();
    engine.setUseClientMode(false);
    EmbeddedChannel channel =
        new EmbeddedChannel(
            new SslHandler(engine),
            new ChannelInboundHandlerAdapter() {
              @Override
              public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
                failures.add(cause);
              }
            });
    channel.writeInbound(
        Unpooled.copiedBuffer("GET / HTTP/1.1\r\n\r\n", StandardCharsets.US_ASCII));
    channel.finishAndReleaseAll();
    assertThat(failures).isNotEmpty().allMatch(PeerFault::is).allMatch(PeerFault::isTls);
  }
}
