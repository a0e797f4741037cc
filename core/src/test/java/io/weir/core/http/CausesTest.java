package io.weir.core.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.ssl.NotSslRecordException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.ConnectException;
import java.nio.channels.ClosedChannelException;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.Test;

class CausesTest {
  private static String why(Throwable thrown) {
    return Causes.inWords(thrown);
  }

  @Test
  void theSystemsWordsStandAlone() {
    assertThat(
            why(
                new IOException(
                    "Connection refused: /127.0.0.1:1",
                    new ConnectException(
                        "finishConnect(..) failed with error(-111): Connection refused"))))
        .isEqualTo("connection refused");
    assertThat(why(new IOException("recvAddress(..) failed: Connection reset by peer")))
        .isEqualTo("connection reset by peer");
    assertThat(why(new ConnectException("connect(..) failed with error(-101): Network is down")))
        .isEqualTo("Network is down");
    assertThat(why(new IOException("finishConnect(..) failed")))
        .isEqualTo("finishConnect(..) failed");
  }

  @Test
  void whatHasNoWordsIsNamed() {
    assertThat(why(new FileNotFoundException())).isEqualTo("No such file or directory");
    assertThat(why(new IOException())).isEqualTo("IOException");
    assertThat(why(new SSLException("engine problem", new ClosedChannelException())))
        .isEqualTo("engine problem");
    assertThat(why(new ClosedChannelException())).isEqualTo("the connection was closed");
  }

  @Test
  void whatAPeerSaidIsBoundedAndHarmless() {
    assertThat(why(new IOException("a\nb\u001b[31m"))).isEqualTo("a?b?[31m");
    assertThat(why(new IOException("x".repeat(1000)))).hasSize(200);
    assertThat(why(new NotSslRecordException("not an SSL/TLS record: 48545450")))
        .isEqualTo("not an SSL/TLS record");
  }

  @Test
  void aCircleOfCausesEnds() {
    IOException one = new IOException("one");
    one.initCause(new IOException("two", one));
    assertThat(why(one)).isNotEmpty();
  }
}
