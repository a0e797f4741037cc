package io.weir.core.stories.http2;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.config.ProxyConfig;
import io.weir.core.testkit.Curl;
import io.weir.core.testkit.H2load;
import io.weir.core.testkit.NginxBackend;
import io.weir.core.testkit.Openssl;
import io.weir.core.testkit.ProxySetup;
import io.weir.core.testkit.Stories;
import io.weir.core.testkit.WeirUnderTest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** HTTP/2 over TLS as curl and h2load speak it, in front of a real nginx. */
class LoadStories extends Stories {
  private static final int REQUESTS = 5_000;

  @TempDir static Path folder;

  private ProxySetup setup;
  private WeirUnderTest weir;
  private NginxBackend nginx;

  @BeforeEach
  void starts() {
    nginx = keeps(NginxBackend.plain("keepalive_requests 100000;"));
    nginx.serves("small", "hello".getBytes(StandardCharsets.US_ASCII));
    setup =
        proxy()
            .workers(2)
            .certificate("a", Openssl.selfSigned(folder, "a.test"))
            .listensTls(ProxySetup.WEB, "a")
            .app(nginx.address());
    weir = starts(setup);
  }

  private String url(String path) {
    return "https://127.0.0.1:" + weir.address(ProxySetup.WEB).getPort() + path;
  }

  @Test
  void curlGetsItsFileOverHttp2() {
    byte[] file = new byte[3 << 20];
    new Random(1).nextBytes(file);
    nginx.serves("large", file);
    Path saved = folder.resolve("saved");
    Curl.Result result = Curl.run("-k", "-v", "-o", saved.toString(), url("/large"));
    assertThat(result.stderr()).contains("< HTTP/2 200");
    assertThat(saved).hasBinaryContent(file);
  }

  @Test
  void everyRequestOfALoadIsAnswered() {
    H2load.Result result =
        H2load.run("-n", String.valueOf(REQUESTS), "-c", "4", "-m", "100", url("/small"));
    assertThat(result.succeeded()).as(result.output()).isEqualTo(REQUESTS);
  }

  @Test
  void reloadsUnderLoadLoseNothing() throws Exception {
    ProxyConfig config = setup.config();
    AtomicBoolean over = new AtomicBoolean();
    Thread reloads =
        Thread.ofVirtual()
            .start(() -> {
              while (!over.get()) {
                assertThat(weir.apply(config)).isEmpty();
              }
            });
    H2load.Result result =
        H2load.run("-n", String.valueOf(REQUESTS), "-c", "4", "-m", "32", url("/small"));
    over.set(true);
    reloads.join();
    assertThat(result.succeeded()).as(result.output()).isEqualTo(REQUESTS);
  }
}
