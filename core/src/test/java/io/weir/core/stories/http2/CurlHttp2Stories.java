package io.weir.core.stories.http2;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.testkit.ByteBackend;
import io.weir.core.testkit.Curl;
import io.weir.core.testkit.ProxySetup;
import io.weir.core.testkit.Script;
import io.weir.core.testkit.Stories;
import io.weir.core.testkit.WeirUnderTest;
import org.junit.jupiter.api.Test;

/** HTTP/2 as curl speaks it, over TLS and in plain text. */
class CurlHttp2Stories extends Stories {
  private static final String HELLO = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";

  @Test
  void aPlainListenerTakesBothVersions() {
    ByteBackend backend = backend(Script.answers(HELLO));
    WeirUnderTest weir = starts(proxy().listensH2c(ProxySetup.WEB).app(backend));
    String url = "http:/" + weir.address(ProxySetup.WEB) + "/x?y=z";
    Curl.Result two = Curl.run("-v", "--http2-prior-knowledge", url);
    assertThat(two.stderr()).contains("< HTTP/2 200");
    assertThat(two.body()).isEqualTo("hello");
    Curl.Result one = Curl.run("-v", "--http1.1", url);
    assertThat(one.stderr()).contains("< HTTP/1.1 200");
    assertThat(backend.receivesRequests(2).get(0).target()).isEqualTo("/x?y=z");
    assertThat(backend.requests().get(0).headers().all("via")).containsExactly("2.0 weir");
  }
}
