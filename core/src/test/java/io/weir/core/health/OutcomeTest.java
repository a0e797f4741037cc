package io.weir.core.health;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.ConnectException;
import org.junit.jupiter.api.Test;

class OutcomeTest {
  private static String why(Throwable thrown) {
    return Outcome.fail(thrown).why();
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
  }

  @Test
  void whatAPeerSaidIsBoundedAndHarmless() {
    assertThat(why(new IOException("a\nb\u001b[31m"))).isEqualTo("a?b?[31m");
    assertThat(why(new IOException("x".repeat(1000)))).hasSize(200);
  }
}
