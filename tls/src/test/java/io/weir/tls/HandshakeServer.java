package io.weir.tls;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.ssl.ReferenceCountedOpenSslEngine;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.internal.tcnative.SSL;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLPeerUnverifiedException;

/** A real server that tells each client in one line what the handshake came to, and closes. */
final class HandshakeServer implements AutoCloseable {

  private final EventLoopGroup group =
      new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
  private final ChannelGroup clients = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
  private final BlockingQueue<TlsFailure> failures = new LinkedBlockingQueue<>();
  private final BlockingQueue<String> words = new LinkedBlockingQueue<>();
  private final Channel channel;
  private volatile CertificateStore store;

  HandshakeServer(CertificateStore store) {
    this.store = store;
    channel =
        new ServerBootstrap()
            .group(group)
            .channel(NioServerSocketChannel.class)
            .childHandler(
                new ChannelInitializer<>() {
                  @Override
                  protected void initChannel(Channel client) {
                    clients.add(client);
                    client.pipeline().addLast(new ClientHelloPeeker("tls", new Listener()));
                    client.pipeline().addLast(new Answer());
                  }
                })
            .bind(InetAddress.getLoopbackAddress(), 0)
            .syncUninterruptibly()
            .channel();
  }

  int port() {
    return ((InetSocketAddress) channel.localAddress()).getPort();
  }

  /** What the next connections are served from. */
  void use(CertificateStore next) {
    store = next;
  }

  TlsFailure nextFailure() throws InterruptedException {
    TlsFailure failure = failures.poll(30, TimeUnit.SECONDS);
    if (failure == null) {
      throw new AssertionError("no handshake failed");
    }
    return failure;
  }

  /** What the library says of the next handshake that failed. */
  String nextWords() throws InterruptedException {
    return Objects.requireNonNull(words.poll(30, TimeUnit.SECONDS), "no handshake failed");
  }

  @Override
  public void close() {
    channel.close().syncUninterruptibly();
    clients.close().awaitUninterruptibly();
    group.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
  }

  private final class Listener implements ClientHelloCallback {
    @Override
    public ServerNameDecision decide(ChannelHandlerContext ctx, ClientHello hello) {
      return store.decide(hello);
    }

    @Override
    public void passThrough(ChannelHandlerContext ctx, Object target) {
      throw new IllegalStateException("nothing is passed through here");
    }

    @Override
    public void refused(ChannelHandlerContext ctx, TlsFailure why) {
      failures.add(why);
    }
  }

  private final class Answer extends ChannelInboundHandlerAdapter {
    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
      if (!(event instanceof SslHandshakeCompletionEvent completion)) {
        return;
      }
      if (!completion.isSuccess()) {
        failures.add(TlsFailure.of(completion.cause()));
        words.add(String.valueOf(completion.cause()));
        return;
      }
      SslHandler handler = ctx.pipeline().get(SslHandler.class);
      HandshakeInfo info = HandshakeInfo.of(handler);
      String line =
          "version=%s resumed=%s alpn=%s sni=%s client=%s group=%s%n"
              .formatted(
                  info.version(),
                  info.resumption().label(),
                  info.alpn(),
                  info.serverName(),
                  client(handler),
                  group(handler));
      ctx.writeAndFlush(Unpooled.copiedBuffer(line, StandardCharsets.US_ASCII))
          .addListener(ChannelFutureListener.CLOSE);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
      ctx.close(); // the event has said why
    }

    private static String client(SslHandler handler) {
      try {
        Certificate[] chain = handler.engine().getSession().getPeerCertificates();
        return ((X509Certificate) chain[0]).getSubjectX500Principal().getName();
      } catch (SSLPeerUnverifiedException e) {
        return "none";
      }
    }

    private static String group(SslHandler handler) {
      if (!(handler.engine() instanceof ReferenceCountedOpenSslEngine openssl)) {
        return "unknown";
      }
      try {
        return SSL.getGroupName(openssl.sslPointer());
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
    }
  }
}
