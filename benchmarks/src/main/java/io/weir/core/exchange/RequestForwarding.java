package io.weir.core.exchange;

import static java.util.Objects.requireNonNull;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.weir.benchmarks.ShortRuns;
import io.weir.core.http.Failure;
import io.weir.core.http1.Http1Downstream;
import io.weir.core.http1.Http1Worker;
import io.weir.core.snapshot.Snapshot;
import io.weir.core.upstream.Pool;
import io.weir.core.upstream.UpstreamConnection;
import io.weir.core.upstream.UpstreamProtocol;
import io.weir.core.upstream.WorkerBackend;
import io.weir.core.worker.StandingLoop;
import io.weir.core.worker.Worker;
import io.weir.firewall.SampleRules;
import io.weir.firewall.address.ClientAddress;
import io.weir.firewall.config.FirewallConfig;
import io.weir.metrics.Metrics;
import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * One request and its response through the whole path, on kept connections and without sockets.
 *
 * <pre>java -jar benchmarks/target/benchmarks.jar RequestForwarding -prof gc</pre>
 */
@Warmup(iterations = 5, time = 2) // much code, which the compiler needs some seconds for
public class RequestForwarding extends ShortRuns {
  private static final byte[] REQUEST =
      """
      GET /shop/item-4711/photos?size=800 HTTP/1.1
      Host: shop.foobar.com
      User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0
      Accept: text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8
      Accept-Language: en-US,en;q=0.5
      Accept-Encoding: gzip, deflate, br
      Referer: https://shop.foobar.com/shop/?page=3
      Cookie: session=0123456789abcdef; theme=dark

      """
          .replace("\n", "\r\n")
          .getBytes(StandardCharsets.ISO_8859_1);

  private static final byte[] RESPONSE =
      """
      HTTP/1.1 200 OK
      Date: Thu, 01 Jan 2026 00:00:00 GMT
      Content-Type: text/html; charset=utf-8
      Content-Length: 128
      ETag: "0123456789abcdef"
      Cache-Control: max-age=60

      """
          .replace("\n", "\r\n")
          .concat("x".repeat(128))
          .getBytes(StandardCharsets.ISO_8859_1);

  /** A client's channel and a backend's, and what is done with what arrives at each. */
  abstract static class Pair {
    final EmbeddedChannel client = new EmbeddedChannel();
    final EmbeddedChannel backend = new EmbeddedChannel();

    /** As many bytes as came out at both ends. */
    final int roundTrip() {
      return pass(REQUEST, client, backend) + pass(RESPONSE, backend, client);
    }

    private static int pass(byte[] bytes, EmbeddedChannel in, EmbeddedChannel out) {
      ByteBuf read = in.alloc().directBuffer(2048).writeBytes(bytes); // as from a socket
      in.pipeline().fireChannelRead(read).fireChannelReadComplete();
      ByteBuf written = out.readOutbound();
      int length = written.readableBytes();
      written.release();
      return length;
    }
  }

  /** The request path. */
  @State(Scope.Thread)
  public static class Forwarding extends Pair {
    /** Rules, of which 8 match; with 0 the firewall is open. */
    @Param({"0", "1000"})
    int rules;

    /** Connects both ends. */
    @Setup
    public void connect() {
      Metrics metrics = new Metrics(1);
      Worker worker = StandingLoop.worker(metrics);
      FirewallConfig firewall =
          rules == 0
              ? FirewallConfig.OPEN
              : SampleRules.mixed(rules, 8, new SplittableRandom(SEED));
      Snapshot snapshot = SampleProxy.compiled(firewall, metrics, worker);
      RequestPath path = new RequestPath(worker, null, null, snapshot);
      ClientConnection connection =
          new ClientConnection(
              path,
              snapshot,
              requireNonNull(snapshot.listeners().get(SampleProxy.LISTENER)),
              new Peer(ClientAddress.v4(0xc6120001), null, client),
              false);
      client.pipeline().addLast(new Http1Downstream(new Http1Worker(worker), connection));
      Pool pool = requireNonNull(snapshot.pools().get(SampleProxy.POOL));
      WorkerBackend home = pool.members().getFirst().backend().on(worker);
      UpstreamConnection upstream =
          pool.settings().protocol().newConnection(home, pool.settings(), new NoOpening());
      backend.pipeline().addLast(upstream);
      home.keep(upstream.place(), true, pool.settings());
      if (roundTrip() < REQUEST.length + RESPONSE.length) {
        throw new IllegalStateException("the request was not forwarded");
      }
    }
  }

  /** HTTP/1 is open at once. */
  private static final class NoOpening implements UpstreamProtocol.Opening {
    @Override
    public void onOpen() {
      throw new IllegalStateException("HTTP/1 is open at once");
    }

    @Override
    public void onNeverOpen(Failure failure) {
      throw new IllegalStateException("HTTP/1 is open at once");
    }
  }

  /** What the channels cost by themselves: every byte goes to the other end as it came. */
  @State(Scope.Thread)
  public static class Relaying extends Pair {
    /** Connects both ends. */
    @Setup
    public void connect() {
      client.pipeline().addLast(new To(backend));
      backend.pipeline().addLast(new To(client));
    }
  }

  private static final class To extends ChannelInboundHandlerAdapter {
    private final Channel other;

    To(Channel other) {
      this.other = other;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
      other.write(message, other.voidPromise());
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
      other.flush();
    }
  }

  @Benchmark
  public int request(Forwarding pair) {
    return pair.roundTrip();
  }

  @Benchmark
  public int channelsAlone(Relaying pair) {
    return pair.roundTrip();
  }
}
