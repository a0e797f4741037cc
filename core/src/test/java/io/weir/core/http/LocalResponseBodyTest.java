package io.weir.core.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LocalResponseBodyTest {
  private static final byte[] ID = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 1_000, 4_096, 4_097, 1 << 20})
  void itIsWhatIsWrittenOfIt(int length) {
    LocalResponse one = LocalResponse.of(200, "", "x".repeat(length));
    LocalResponse several =
        LocalResponse.of(200, "", List.of("a".repeat(length), "b", "c".repeat(length))).withId(ID);
    for (LocalResponse response : List.of(one, several)) {
      ByteBuf written = Unpooled.buffer();
      response.writeBody(written);
      ByteBuf body = response.body();
      assertThat(body).isEqualTo(written);
      assertThat(body.readableBytes()).isEqualTo(response.bodyLength());
      body.release();
      written.release();
    }
  }

  @Test
  void aLargeOneIsNotCopiedForEachClient() {
    LocalResponse response = LocalResponse.of(200, "", "x".repeat(1 << 20));
    ByteBuf first = response.body();
    ByteBuf second = response.body();
    assertThat(second.array()).isSameAs(first.array());
    assertThat(first.maxWritableBytes()).as("room for others to write in").isZero();
    first.release();
    second.release();
  }
}
