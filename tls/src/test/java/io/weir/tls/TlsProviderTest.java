package io.weir.tls;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class TlsProviderTest {

  @Test
  void findsBoringsslAndNamesItsVersion() {
    TlsProvider.Detected detected = TlsProvider.detect();
    assertThat(detected.provider()).isEqualTo(TlsProvider.BORINGSSL);
    assertThat(detected.version()).matches("BoringSSL \\(netty-tcnative 2\\..*\\)");
  }

  @Test
  void fallsBackToTheJdkAndSaysWhy() throws Exception {
    // In a process of its own: the library loads once or never.
    Process java =
        new ProcessBuilder(
                List.of(
                    System.getProperty("java.home") + "/bin/java",
                    "-Dio.netty.handler.ssl.noOpenSsl=true",
                    "-cp",
                    System.getProperty("java.class.path"),
                    Print.class.getName()))
            .redirectErrorStream(true)
            .start();
    String printed = new String(java.getInputStream().readAllBytes());
    assertThat(java.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(printed)
        .contains("JDK | JDK " + Runtime.version() + " | BoringSSL is not available: OpenSSL was");
  }

  /** What {@link TlsProvider#detect} finds, on standard output. */
  static final class Print {
    public static void main(String[] arguments) {
      TlsProvider.Detected detected = TlsProvider.detect();
      System.out.println(
          detected.provider() + " | " + detected.version() + " | " + detected.reason());
    }
  }
}
