package io.weir.core.health;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.util.concurrent.Promise;
import io.weir.core.config.HealthConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Answers of gRPC's health service, whatever their bytes and however they are cut: a check passes
 * for one only, the message that says SERVING, and is settled by every one that ends.
 */
class GrpcAnswerFuzzTest {
  private static final byte[] SERVING = {0, 0, 0, 0, 2, 8, 1};

  @TestFactory
  Stream<DynamicTest> everyKnownInput() throws IOException {
    return Files.list(Path.of("src/test/fuzz/GrpcAnswer"))
        .sorted()
        .map(file ->
            DynamicTest.dynamicTest(
                file.getFileName().toString(), () -> fuzzerTestOneInput(Files.readAllBytes(file))));
  }

  public static void fuzzerTestOneInput(byte[] input) {
    Outcome whole = outcome(input, Math.max(1, input.length));
    assertThat(whole.result() == CheckResult.PASS).isEqualTo(Arrays.equals(input, SERVING));
    assertThat(whole.why()).doesNotContainPattern("\\p{Cntrl}");
    assertThat(outcome(input, 1)).isEqualTo(whole);
    assertThat(outcome(input, 3)).isEqualTo(whole);
  }

  private static Outcome outcome(byte[] answer, int piece) {
    EmbeddedChannel channel = new EmbeddedChannel();
    Promise<Outcome> promise = channel.eventLoop().newPromise();
    channel.pipeline().addLast(new GrpcCheck(new HealthConfig.Grpc("", "a"), "a", "http", promise));
    channel.writeInbound(new DefaultHttp2HeadersFrame(new DefaultHttp2Headers().status("200")));
    for (int at = 0; at < answer.length; at += piece) {
      byte[] part = Arrays.copyOfRange(answer, at, Math.min(answer.length, at + piece));
      channel.writeInbound(new DefaultHttp2DataFrame(Unpooled.wrappedBuffer(part), false));
    }
    channel.writeInbound(
        new DefaultHttp2HeadersFrame(new DefaultHttp2Headers().add("grpc-status", "0"), true));
    channel.finishAndReleaseAll();
    assertThat(promise.isDone()).isTrue();
    return promise.getNow();
  }
}
